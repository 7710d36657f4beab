import type ssh2 from 'ssh2';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import { messageOf } from '../core/index.js';
import { hostError, wordOf } from './errors.js';
import { checkHostKey, type KeyPolicy } from './host-key.js';
import { knownHostName, orderAlgorithms } from './known-hosts.js';
import type { Logins } from './ssh-auth.js';

const READY_MS = 15_000;

/** All that a login takes. */
export interface Login {
  readonly described: string;
  readonly user: string;
  readonly policy: KeyPolicy;
  readonly logins: Logins;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What ssh2 can check, best first; certificates and hardware keys it can't. */
const HOST_KEY_ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** Logs in. `newKey`: the host's key, where it was taken without being known. */
export function connect(
  lib: typeof ssh2,
  login: Login,
): Promise<{ client: Client; newKey: Buffer | undefined }> {
  const { policy, logins, signal } = login;
  const name = knownHostName(policy.hostname, policy.port, policy.alias);
  const client = new lib.Client();
  let newKey: Buffer | undefined;
  let refused: Error | undefined;
  const verify = (key: Buffer): boolean => {
    const verdict = checkHostKey(policy, key);
    if (verdict === 'new') newKey = key;
    if (verdict instanceof Error) refused = verdict;
    return refused === undefined;
  };
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      client.destroy();
      reject(signal!.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const done = (): void => signal?.removeEventListener('abort', abort);
    client.once('ready', () => (done(), resolve({ client, newKey })));
    client.on('error', error => (done(), reject(refused ?? explain(login, error))));
    client.once('close', () => (done(), reject(refused ?? explain(login, new Error('it hung up')))));
    if (signal?.aborted) return abort();
    client.connect({
      host: policy.hostname,
      port: policy.port,
      username: login.user,
      authHandler: [...logins.methods],
      hostVerifier: verify,
      algorithms: {
        serverHostKey: [
          ...orderAlgorithms(policy.keys, name, HOST_KEY_ALGORITHMS),
        ] as ServerHostKeyAlgorithm[],
      },
      readyTimeout: login.timeoutMs ?? READY_MS,
      keepaliveInterval: 5_000,
      keepaliveCountMax: 3,
    });
  });
}

/** Why a login did not come about, by where ssh2 says it failed. */
function explain(login: Login, error: Error): Error {
  const { host } = login.policy;
  const { described } = login;
  const say = (code: string, what: string, hint: string, retryable = true): Error =>
    hostError(host, code, `${what}: ${messageOf(error)}`, { hint, retryable, cause: error });
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
        `${described} can't be reached`,
        'check that it is up, and the route and firewalls to it',
      );
  }
  switch (wordOf(error, 'level')) {
    case 'client-timeout':
      return say(
        'host.unreachable',
        `${described} did not answer in time`,
        'check that it is up, and the route and firewalls to it',
      );
    case 'client-authentication':
      return notLoggedIn(login, error);
    default:
      return say(
        'host.handshake',
        `no ssh session with ${described}`,
        'try `ssh` to it by hand: it says more',
        true,
      );
  }
}

function notLoggedIn({ policy, described, user, logins }: Login, cause: Error): Error {
  const tried =
    logins.tried.length > 0 ? `it took none of ${logins.tried.join(', ')}` : 'there was no key to offer';
  const [encrypted] = logins.encrypted;
  const hint =
    encrypted === undefined
      ? `let a key in: ssh-copy-id ${policy.port === 22 ? '' : `-p ${policy.port} `}${user}@${policy.hostname}`
      : `${encrypted} is encrypted: load it first with ssh-add ${encrypted}`;
  return hostError(policy.host, 'host.auth', `${described} did not let ${user} in: ${tried}`, {
    hint,
    cause,
  });
}
