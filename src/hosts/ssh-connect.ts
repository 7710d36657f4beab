import type { Duplex } from 'node:stream';
import type ssh2 from 'ssh2';
import type { AuthHandlerMiddleware, Client, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import { wordOf } from './errors.js';
import type { Logins } from './ssh-auth.js';
import { explainLogin } from './ssh-explain.js';
import { notLoggedIn } from './ssh-reasons.js';
import { checkHostKey, offeredAlgorithms } from './host-key.js';
import { ASK_MS } from './silence.js';
import type { Hop } from './ssh-route.js';

/** Milliseconds for one login, where ConnectTimeout says nothing else. */
export const READY_MS = 15_000;

/** All that a login takes. */
export interface Login {
  readonly hop: Hop;
  readonly logins: Logins;
  /** The way there, where it is not a socket of this machine's. */
  readonly sock: Duplex | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The server would take a key, if only it could be used. */
export class KeyIsLocked extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} is encrypted`);
    this.path = path;
  }
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

/**
 * Logs in. `newKey`: the host's key, where it was taken without being known. Throws {@link KeyIsLocked} where a passphrase
 * may help, else a TopoError.
 */
export function connect(
  lib: typeof ssh2,
  login: Login,
): Promise<{ client: Client; newKey: Buffer | undefined }> {
  const { hop, signal } = login;
  const client = new lib.Client();
  let newKey: Buffer | undefined;
  let met = false;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      done();
      client.destroy();
      reject(error);
    };
    const abort = (): void => fail(signal!.reason);
    const done = (): void => signal?.removeEventListener('abort', abort);
    const verify = (key: Buffer): boolean => {
      const verdict = checkHostKey(hop.policy, key);
      if (verdict === 'new') newKey = key;
      if (verdict instanceof Error) fail(verdict);
      return !(verdict instanceof Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    client.once('ready', () => {
      done();
      client.setNoDelay(true); // Else each small message waits for the one before it to be acknowledged: 40 ms a call.
      resolve({ client, newKey });
    });
    // An agent that does not sign with one key, or not at all, is no reason not to try the next.
    client.on('error', error =>
      error.level === 'agent' ? undefined : fail(explainLogin(login, met ? error : unmet(error))),
    );
    client.once('handshake', () => (met = true));
    client.once('close', () => fail(explainLogin(login, new Error('it hung up'))));
    if (signal?.aborted) return abort();
    client.connect({ ...configOf(login), hostVerifier: verify, authHandler: handler(login, fail) });
  });
}

/** A sshd that hangs up at once (MaxStartups) may do so before it has read what it was sent: then it is a reset. */
function unmet(error: Error): Error {
  return wordOf(error, 'code') === 'ECONNRESET' ? new Error('Connection lost before handshake') : error;
}

function configOf({ hop: { config, policy }, sock }: Login): ConnectConfig {
  return {
    host: config.hostname,
    port: config.port,
    username: config.user,
    ...(sock === undefined ? {} : { sock }),
    ...(config.family === undefined
      ? {}
      : { forceIPv4: config.family === 4, forceIPv6: config.family === 6 }),
    algorithms: {
      serverHostKey: [...offeredAlgorithms(policy, HOST_KEY_ALGORITHMS)] as ServerHostKeyAlgorithm[],
    },
    readyTimeout: config.connectTimeout === undefined ? READY_MS : config.connectTimeout * 1000,
    keepaliveInterval: ASK_MS,
    keepaliveCountMax: 15, // A last resort: see onSilence.
  };
}

/** Goes through the ways to log in; says why none was taken, by what the server would have liked instead. */
function handler(login: Login, fail: (error: unknown) => void): AuthHandlerMiddleware {
  const { hop, logins } = login;
  const { user: username } = hop.config;
  const found = logins.methods(path => fail(new KeyIsLocked(path)));
  // Where there is no key, asking for nothing at all tells what the server takes; there are some that let one in so.
  const methods = found.length > 0 ? [...found] : [{ type: 'none' as const, username }];
  return (left, partial, next) => {
    const method = methods.shift();
    const [sealed] = logins.sealed;
    if (method !== undefined) next(method);
    else if (sealed !== undefined) fail(new KeyIsLocked(sealed));
    else fail(notLoggedIn(login, { left, partial }));
  };
}
