import { messageOf } from '../core/index.js';
import { hostError, wordOf } from './errors.js';
import type { Logins } from './ssh-auth.js';
import type { Hop } from './ssh-route.js';

interface Failed {
  readonly hop: Hop;
  readonly logins: Logins;
}

/** Why a login did not come about, by where ssh2 says it failed. */
export function explainLogin({ hop, logins }: Failed, error: Error): Error {
  const { described, policy } = hop;
  const say = (code: string, what: string, hint: string, retryable = true): Error =>
    hostError(policy.host, code, what, { hint, retryable, cause: error });
  const said = messageOf(error);
  switch (wordOf(error, 'code')) {
    case 'ECONNREFUSED':
      return say(
        'host.refused',
        `${described} refused the connection`,
        'look whether sshd runs there and listens on that port',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say(
        'host.unreachable',
        `the name of ${described} can't be resolved`,
        'check the address in the topology file and in ~/.ssh/config',
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return say(
        'host.unreachable',
        `${described} can't be reached: ${said}`,
        'check that it is up, and the route and firewalls to it',
      );
  }
  if (wordOf(error, 'level') === 'client-timeout')
    return say(
      'host.unreachable',
      `${described} did not answer in time`,
      'check that it is up, and the route and firewalls to it',
    );
  if (/too many authentication failures/i.test(said))
    return say(
      'host.auth',
      `${described} hung up after too many keys: ${logins.count} were to be offered, ${logins.tried.join(', ')}`,
      'name the right one in ~/.ssh/config: IdentityFile, and IdentitiesOnly yes',
      false,
    );
  if (/before handshake/.test(said))
    return say(
      'host.busy',
      `${described} hung up before it said who it is`,
      'look whether that is sshd, and whether it has more logins at a time than MaxStartups allows',
    );
  return say(
    'host.handshake',
    `no ssh session with ${described}: ${said}`,
    'try `ssh` to it by hand: it says more',
  );
}

/** No key was taken. `left`: by what else the server would let the user in; `partial`: a key alone is not enough for it. */
export function notLoggedIn(
  { hop: { policy, config, described }, logins }: Failed,
  { left, partial }: { readonly left: readonly string[] | null; readonly partial: boolean | null },
): Error {
  const ways = (left ?? []).join(' or ');
  const refused = `${described} did not let ${config.user} in`;
  if (partial === true)
    return hostError(policy.host, 'host.auth', `${refused} by a key alone: it wants ${ways} as well`, {
      hint: 'topo can answer no questions there: let this user in by a key alone (AuthenticationMethods publickey)',
    });
  const tried =
    logins.tried.length > 0 ? `it took none of ${logins.tried.join(', ')}` : 'there was no key to offer';
  const takesKeys = left === null || left.includes('publickey');
  const takes = takesKeys ? '' : `, and takes ${ways} only`;
  const port = policy.port === 22 ? '' : `-p ${policy.port} `;
  const copy = `ssh-copy-id ${policy.written ?? `${port}${config.user}@${policy.hostname}`}`;
  return hostError(policy.host, 'host.auth', `${refused}: ${tried}${takes}`, {
    hint: takesKeys ? `let a key in: ${copy}` : 'set PubkeyAuthentication yes in its sshd_config',
  });
}
