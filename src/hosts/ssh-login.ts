import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type ssh2 from 'ssh2';
import type { Client, ParsedKey } from 'ssh2';
import { TopoError } from '../core/index.js';
import { lost } from './errors.js';
import { farewell } from './farewell.js';
import { rememberHostKey } from './host-key.js';
import { loginsOf, unlock } from './ssh-auth.js';
import { connect, KeyIsLocked, READY_MS } from './ssh-connect.js';
import { keyLocked, late, noThrough, notFromThere } from './ssh-reasons.js';
import type { Hop } from './ssh-route.js';
import type { HostOptions } from './target.js';

/** How often a login is tried that sshd had no time for: 0.1 s, 0.2 s … 3.2 s between. */
const TRIES = 7;

/** How often a passphrase may be wrong, as with OpenSSH. */
const PASSPHRASES = 3;

/** sshd's reason for a forwarding that it does not allow (RFC 4254, 5.1: administratively prohibited). */
const PROHIBITED = 1;

/** Logs in to the last of a route, through those before it. What was opened on the way ends with it. */
export async function logIn(lib: typeof ssh2, route: readonly Hop[], options: HostOptions): Promise<Client> {
  let way: { readonly client: Client; readonly hop: Hop } | undefined;
  try {
    for (const hop of route) {
      const before = way;
      const sock = before && ((): Promise<Duplex> => forward(before.client, before.hop, hop));
      const client = await patiently(hop.policy.host, () => logInTo(lib, hop, sock, options));
      if (before) client.once('close', () => void farewell(before.client));
      way = { client, hop };
    }
    return way!.client;
  } catch (error) {
    if (way) void farewell(way.client);
    throw error;
  }
}

/** One login; asks for a passphrase where the server would take a key that has one. */
async function logInTo(
  lib: typeof ssh2,
  hop: Hop,
  way: (() => Promise<Duplex>) | undefined,
  options: HostOptions,
): Promise<Client> {
  const unlocked = new Map<string, ParsedKey>();
  for (;;) {
    const logins = await loginsOf(lib, hop.config, unlocked);
    try {
      const { client, newKey } = await connect(lib, {
        hop,
        logins,
        sock: await way?.(),
        signal: options.signal,
      });
      if (newKey !== undefined) await rememberHostKey(hop.policy, newKey).catch(giveUp(client));
      return client;
    } catch (error) {
      if (!(error instanceof KeyIsLocked)) throw error;
      unlocked.set(error.path, await askFor(lib, hop, error.path, options));
    }
  }
}

function giveUp(client: Client): (error: unknown) => never {
  return error => {
    client.end();
    throw error;
  };
}

async function askFor(
  lib: typeof ssh2,
  hop: Hop,
  path: string,
  { passphrase }: HostOptions,
): Promise<ParsedKey> {
  for (let attempt = 1; attempt <= PASSPHRASES; attempt++) {
    const answer = await passphrase?.(path, attempt);
    if (answer === undefined) throw keyLocked(hop, path, false);
    const key = await unlock(lib, path, answer);
    if (key !== undefined) return key;
  }
  throw keyLocked(hop, path, true);
}

/** A sshd with too many logins under way (MaxStartups) hangs up at once: it gets a while, each host another. */
export async function patiently<T>(host: string, login: () => Promise<T>): Promise<T> {
  const spread = 1 + ([...host].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 32) / 32;
  for (let attempt = 0; ; attempt++) {
    try {
      return await login();
    } catch (error) {
      const isBusy = error instanceof TopoError && error.code === 'host.busy';
      if (!isBusy || attempt === TRIES - 1) throw error;
      await delay(100 * 2 ** attempt * spread);
    }
  }
}

/** A connection from a jump host to the next. */
function forward(client: Client, jump: Hop, hop: Hop): Promise<Duplex> {
  const { config, policy } = hop;
  return new Promise((resolve, reject) => {
    const ms = config.connectTimeout === undefined ? READY_MS : config.connectTimeout * 1000;
    const timer = setTimeout(() => reject(late(hop)), ms);
    const opened = (error: (Error & { reason?: unknown }) | undefined, channel: Duplex): void => {
      clearTimeout(timer);
      if (!error) return resolve(channel);
      const said = error.message.replace('(SSH) Channel open failure: ', '');
      reject(error.reason === PROHIBITED ? noThrough(jump) : notFromThere(hop, said));
    };
    try {
      client.forwardOut('127.0.0.1', 0, config.hostname, config.port, opened);
    } catch (error) {
      clearTimeout(timer);
      reject(lost(policy.host, jump.described, String(error)));
    }
  });
}
