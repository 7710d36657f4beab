import { TopoError } from '../core/index.js';
import type { Running, Transport } from './transport.js';

/** Connections to one host at most. */
const CONNECTIONS = 8;

/**
 * A transport that logs in once more when the sessions of its connections are all taken: MaxSessions is counted by connection, and
 * each follower that goes through a command on the host takes one for itself. It lives as long as its first connection.
 */
export function manySessions(first: Transport, more: () => Promise<Transport>): Transport {
  const all = [first];
  let opening: Promise<void> | undefined;
  let began = false;
  const another = async (): Promise<void> => {
    const transport = await more();
    if (first.closed.aborted) return transport.close();
    all.unshift(transport); // Where there was room last.
  };
  const spawnOnAny = async (argv: readonly string[]): Promise<Running> => {
    let full: unknown;
    for (const transport of all.filter(t => t === first || !t.closed.aborted)) {
      try {
        const running = await transport.spawn(argv);
        began = true;
        return running;
      } catch (error) {
        if (!isFull(error)) throw error;
        full = error;
      }
    }
    // A server that opened none at all (MaxSessions 0) opens none on another connection either.
    if (!began || all.length >= CONNECTIONS) throw full;
    opening ??= another().finally(() => (opening = undefined));
    await opening;
    return spawnOnAny(argv);
  };
  const closeAll = async (): Promise<void> => void (await Promise.all(all.map(t => t.close())));
  first.closed.addEventListener('abort', () => void closeAll(), { once: true });
  return { ...first, spawn: spawnOnAny, close: closeAll };
}

function isFull(error: unknown): boolean {
  return error instanceof TopoError && error.code === 'host.session';
}
