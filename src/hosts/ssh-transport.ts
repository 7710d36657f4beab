import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { messageOf } from '../core/index.js';
import { begun, commandLine } from './command-line.js';
import { endingLine } from './ending-line.js';
import { lost, noSession } from './errors.js';
import { onSilence } from './silence.js';
import { farewell } from './farewell.js';
import type { Running, Transport } from './transport.js';
import { tunnel } from './tunnel.js';

/** How often opening a session is tried where the server has none free, for it frees them late: 20 ms, 40 ms, 80 ms between. */
const TRIES = 4;

/** ssh2's reason for a channel that the server did not open (RFC 4254, 5.1: connect failed). */
const CONNECT_FAILED = 2;

interface Connection {
  readonly client: Client;
  readonly closed: AbortSignal;
  /** Why a session could not be opened. */
  readonly failed: (cause: unknown) => Error;
}

type Session = Omit<Running, 'kill'> & { readonly end: () => void };

/** One ssh connection as a transport. */
export function sshTransport(name: string, described: string, client: Client): Transport {
  const closed = new AbortController();
  setMaxListeners(0, closed.signal); // Each command that is under way listens.
  let why: Error | undefined;
  let calls = 0;
  const shell = { runs: false };
  const failed = (cause: unknown): Error => notOpened(closed.signal, name, described, cause);
  const connection = { client, closed: closed.signal, failed };
  client.on('error', error => (why ??= error));
  onSilence(client, silence => {
    why ??= silence;
    client.destroy();
  });
  client.once('close', () =>
    closed.abort(lost(name, described, why?.message ?? 'the other side hung up', why)),
  );
  return {
    described,
    spawn: async argv => {
      const call = String(++calls);
      const channel = await openSession(connection, commandLine(call, argv));
      const running = { ...channel, kill: () => void kill(connection, channel, call) };
      await begun({ ...running, kill: channel.end }, call, {
        host: name,
        described,
        closed: closed.signal,
        shell,
      });
      return running;
    },
    dial: path =>
      tunnel(opened => {
        try {
          client.openssh_forwardOutStreamLocal(path, opened);
        } catch (error) {
          opened(error);
        }
      }),
    closed: closed.signal,
    close() {
      if (!closed.signal.aborted) closed.abort(lost(name, described, 'it was closed'));
      return farewell(client);
    },
  };
}

async function openSession({ client, closed, failed }: Connection, command: string): Promise<Session> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await new Promise<Session>((resolve, reject) => {
        // Listened to at once: the exit of a short command may come in the same packet.
        client.exec(command, (error, channel) => (error ? reject(error) : resolve(session(channel, closed))));
      });
    } catch (error) {
      if (!isFull(error) || attempt === TRIES) throw failed(error);
      await delay(10 * 2 ** attempt);
    }
  }
}

function isFull(error: unknown): boolean {
  return (error as { reason?: unknown }).reason === CONNECT_FAILED;
}

function notOpened(closed: AbortSignal, name: string, described: string, cause: unknown): Error {
  if (closed.aborted) return closed.reason as Error;
  // ssh2 says so from the moment that its socket ends, which is before it tells of its close.
  if (messageOf(cause) === 'Not connected') return lost(name, described, 'the other side hung up', cause);
  return noSession(name, described, isFull(cause) ? '' : messageOf(cause), cause);
}

function session(channel: ClientChannel, closed: AbortSignal): Session {
  let code: number | undefined;
  channel.once('exit', (status: number | null, signal = 'KILL') => {
    code = status ?? 128 + (constants.signals[`SIG${signal.replace(/^SIG/, '')}` as NodeJS.Signals] ?? 0);
  });
  const exited = new Promise<number | undefined>(resolve => {
    const lose = (): void => resolve(undefined); // A channel closes only when it was read to its end, a connection just so.
    closed.addEventListener('abort', lose, { once: true });
    channel.once('close', () => {
      closed.removeEventListener('abort', lose);
      resolve(code);
    });
  });
  channel.on('error', () => undefined);
  return { stdin: channel, stdout: channel, stderr: channel.stderr, exited, end: () => channel.close() };
}

async function kill(connection: Connection, victim: Session, call: string): Promise<void> {
  try {
    const killer = await openSession(connection, endingLine(call));
    killer.stdout.resume();
    killer.stderr.resume();
    await killer.exited;
  } catch {
    // The connection is gone, and how the command ends is the other side's affair.
  }
  victim.end();
}
