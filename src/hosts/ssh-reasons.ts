import type { TopoError } from '../core/index.js';
import { hostError } from './errors.js';
import type { Logins } from './ssh-auth.js';
import type { Hop } from './ssh-route.js';

/** A login that did not come about, and the keys that there were for it. */
export interface Failed {
  readonly hop: Hop;
  readonly logins: Logins;
}

/** By what else the server would let the user in; `partial`: a key alone is not enough for it. */
export interface Refusal {
  readonly left: readonly string[] | null;
  readonly partial: boolean | null;
}

interface More {
  readonly cause?: unknown;
  readonly retryable?: boolean;
}

/** Nothing listens there. */
export function refused(hop: Hop, cause?: unknown): TopoError {
  const hint = 'look whether sshd runs there and listens on that port';
  return said(hop, 'host.refused', `${hop.described} refused the connection`, hint, { cause });
}

/** Its name leads to no address. */
export function unresolved(hop: Hop, cause?: unknown): TopoError {
  const hint = 'check the address in the topology file and in ~/.ssh/config';
  return said(hop, 'host.unreachable', `the name of ${hop.described} can't be resolved`, hint, { cause });
}

/** No packet gets there. `why`: the system's word for it. */
export function unreachable(hop: Hop, why: string, cause?: unknown): TopoError {
  return said(hop, 'host.unreachable', `${hop.described} can't be reached: ${why}`, WAY, { cause });
}

/** It neither let anybody in nor said why not. */
export function late(hop: Hop, cause?: unknown): TopoError {
  return said(hop, 'host.unreachable', `${hop.described} did not answer in time`, WAY, { cause });
}

const WAY = 'check that it is up, and the route and firewalls to it';

/** It ended the connection before the handshake. */
export function hungUp(hop: Hop, cause?: unknown): TopoError {
  const hint = 'look whether that is sshd, and whether it has more logins at a time than MaxStartups allows';
  return said(hop, 'host.busy', `${hop.described} hung up before it said who it is`, hint, { cause });
}

/** Whatever else went wrong, in the words of the client. */
export function noLogin(hop: Hop, why: string, cause?: unknown): TopoError {
  const what = `no ssh session with ${hop.described}: ${why}`;
  return said(hop, 'host.handshake', what, 'try `ssh` to it by hand: it says more', { cause });
}

/** A jump host that forwards nothing. */
export function noThrough(jump: Hop): TopoError {
  const hint = 'set AllowTcpForwarding yes in its sshd_config';
  return said(jump, 'host.jump', `${jump.described} lets nobody through`, hint, FINAL);
}

/** What the jump host before it says of the way to a host. */
export function notFromThere(hop: Hop, why: string): TopoError {
  const hint = 'check its address as the jump host sees it, and that sshd runs there';
  return said(hop, 'host.unreachable', `${hop.described} can't be reached from there: ${why}`, hint);
}

/** The server would take a key that can't be read. `wrong`: by the passphrase that was given. */
export function keyLocked(hop: Hop, path: string, wrong: boolean): TopoError {
  const why = wrong ? `that is not the passphrase of ${path}` : `the key ${path} is encrypted`;
  const what = `${hop.described} can't be logged in to: ${why}`;
  return said(hop, 'host.auth', what, `load the key first: ssh-add ${path}`, FINAL);
}

/** The server counts every key that is offered (MaxAuthTries). */
export function tooManyKeys({ hop, logins }: Failed, cause?: unknown): TopoError {
  const offered = `${logins.count} were to be offered, ${logins.tried.join(', ')}`;
  const what = `${hop.described} hung up after too many keys: ${offered}`;
  const hint = 'name the right one in ~/.ssh/config: IdentityFile, and IdentitiesOnly yes';
  return said(hop, 'host.auth', what, hint, { ...FINAL, cause });
}

/** No key was taken, or a key alone was not enough. */
export function notLoggedIn({ hop, logins }: Failed, { left, partial }: Refusal): TopoError {
  const { policy, config, described } = hop;
  const ways = (left ?? []).join(' or ');
  const refused = `${described} did not let ${config.user} in`;
  if (partial === true) {
    const hint =
      'topo can answer no questions there: let this user in by a key alone (AuthenticationMethods publickey)';
    return said(hop, 'host.auth', `${refused} by a key alone: it wants ${ways} as well`, hint, FINAL);
  }
  const tried =
    logins.tried.length > 0 ? `it took none of ${logins.tried.join(', ')}` : 'there was no key to offer';
  const takesKeys = left === null || left.includes('publickey');
  const takes = takesKeys ? '' : `, and takes ${ways} only`;
  const port = policy.port === 22 ? '' : `-p ${policy.port} `;
  const copy = `ssh-copy-id ${policy.written ?? `${port}${config.user}@${policy.hostname}`}`;
  const hint = takesKeys ? `let a key in: ${copy}` : 'set PubkeyAuthentication yes in its sshd_config';
  return said(hop, 'host.auth', `${refused}: ${tried}${takes}`, hint, FINAL);
}

/** What another try won't mend. */
const FINAL: More = { retryable: false };

function said({ policy }: Hop, code: string, what: string, hint: string, more: More = {}): TopoError {
  const { cause, retryable = true } = more;
  return hostError(policy.host, code, what, { hint, retryable, ...(cause === undefined ? {} : { cause }) });
}
