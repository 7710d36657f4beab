import type { TopoError } from '../core/index.js';
import { hostError } from './errors.js';
import { keyRefusal } from './host-key.js';
import type { Logins } from './ssh-auth.js';
import * as reasons from './ssh-reasons.js';
import type { Hop } from './ssh-route.js';

/** What OpenSSH's client (with -v) said of a login that it did not get. */
export interface Told {
  /** The logins on the way; the last is the host. */
  readonly route: readonly Hop[];
  readonly said: string;
  /** Which keys there are for one of them. */
  readonly loginsOf: (hop: Hop) => Promise<Logins>;
  /** Whether it asked for a passphrase and got one. */
  readonly answered: boolean;
  /** Whether it neither came about nor failed. */
  readonly late: boolean;
}

/** What is known of the login that failed. `words`: what ssh said since the one before it. */
interface Failing extends Pick<Told, 'loginsOf' | 'answered'> {
  readonly hop: Hop;
  readonly jump: Hop | undefined;
  readonly words: string;
}

/** `caught`: what the pattern's group caught. */
type Explain = (at: Failing, caught: string) => TopoError | Promise<TopoError>;

/** What is to be looked for in the words of ssh, the first that is there counts: a jump host's come before what follows from them. */
const REASONS: readonly (readonly [RegExp, Explain])[] = [
  [/REVOKED HOST KEY|HAS CHANGED|host key is known for|Host key verification failed/, hostKey],
  [/^channel \d+: open failed: (.*?)\r?$/m, throughJump],
  [/Connection refused/, at => reasons.refused(at.hop)],
  [/Could not resolve hostname/, at => reasons.unresolved(at.hop)],
  [/(?:Operation|Connection) timed out/, at => reasons.late(at.hop)],
  [/(No route to host|Network is unreachable)/, (at, caught) => reasons.unreachable(at.hop, caught)],
  [/Too many authentication failures/, tooManyKeys],
  [/Permission denied \(([^)]*)\)/, notLetIn],
  [/ssh: (?:command )?not found/, noClient],
];

/** Why there is no connection, by what OpenSSH's client said. */
export async function explainOpenssh(told: Told): Promise<TopoError> {
  const { route, loginsOf, answered } = told;
  const parts = told.said.split(/^Authenticated to .*$/m);
  const at = Math.min(parts.length, route.length) - 1;
  const failing = { hop: route[at]!, jump: route[at - 1], words: parts.at(-1)!, loginsOf, answered };
  if (told.late) return reasons.late(failing.hop);
  for (const [pattern, reason] of REASONS) {
    const match = pattern.exec(failing.words);
    if (match) return reason(failing, match[1] ?? '');
  }
  const met = failing.words.includes('SSH2_MSG_KEXINIT received');
  if (!met && /Connection (?:closed|reset) by|kex_exchange_identification/.test(failing.words))
    return reasons.hungUp(failing.hop);
  return reasons.noLogin(failing.hop, lastWords(failing.words) || 'ssh ended without a word');
}

/** The last line that ssh said, what -v adds not counted. */
export function lastWords(said: string): string {
  const lines = said.split(/\r?\n/).map(line => line.trim());
  return lines.findLast(line => line !== '' && !ADDED.test(line)) ?? '';
}

const ADDED = /^(?:debug\d: |OpenSSH_\d|Authenticated to |Transferred: |Bytes per second: )/;

/** By topo's own reading of known_hosts where that comes to the same, else in the words of ssh. */
function hostKey({ hop, words }: Failing): TopoError {
  const [, type = '', fingerprint = ''] = words.match(/Server host key: (\S+) (SHA256:\S+)/) ?? [];
  const own = type === '' ? undefined : keyRefusal(hop.policy, type, fingerprint);
  const revoked = words.includes('REVOKED HOST KEY');
  if (own !== undefined && (own.code === 'host.key-revoked' || !revoked)) return own;
  const [what, hint] = revoked
    ? ['is revoked', 'do not connect: whoever answers there holds a key that was withdrawn']
    : ['ssh does not take', 'try `ssh` to it by hand: it says more'];
  const shown = `${hop.described} shows a key that ${what}: ${lastWords(words)}`;
  return hostError(hop.policy.host, revoked ? 'host.key-revoked' : 'host.key-unknown', shown, { hint });
}

function throughJump({ hop, jump }: Failing, why: string): TopoError {
  if (jump !== undefined && why.startsWith('administratively prohibited')) return reasons.noThrough(jump);
  return reasons.notFromThere(hop, why.replace('connect failed: ', ''));
}

async function tooManyKeys({ hop, loginsOf }: Failing): Promise<TopoError> {
  return reasons.tooManyKeys({ hop, logins: await loginsOf(hop) });
}

async function notLetIn({ hop, words, loginsOf, answered }: Failing, ways: string): Promise<TopoError> {
  const logins = await loginsOf(hop);
  const partial = words.includes('with partial success');
  const taken = [...words.matchAll(/^debug1: Server accepts key: (\S.*?) \S+ SHA256:/gm)].map(m => m[1]!);
  const locked = taken.find(path => logins.locked.includes(path)) ?? logins.sealed[0];
  if (locked === undefined || partial)
    return reasons.notLoggedIn({ hop, logins }, { left: ways.split(','), partial });
  return reasons.keyLocked(hop, locked, answered);
}

function noClient({ hop }: Failing): TopoError {
  return hostError(hop.policy.host, 'host.openssh', "OpenSSH's client is not on this machine", {
    hint: 'install it: apt-get install openssh-client, or leave `transport: openssh` out',
  });
}
