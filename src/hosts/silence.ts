import { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/** How often the other side is asked for a sign of life, milliseconds. */
export const ASK_MS = 2_000;

/** How many times in a row nothing may have been heard: a cut cable is noticed after 6 to 8 s. */
const MISSES = 3;

/**
 * Tells, once, that nothing at all was heard for too long, stuck writes included. ssh2's own count goes by the answers to its
 * questions alone, and those wait behind whatever is being sent: a slow line under an image would pass for a dead one. The
 * questions themselves are ssh2's (`keepaliveInterval`).
 */
export function onSilence(client: Client, tell: (why: Error) => void): void {
  const socket: unknown = Reflect.get(client, '_sock');
  if (!(socket instanceof Duplex)) return;
  let missed = 0;
  socket.on('data', () => (missed = 0));
  const timer = setInterval(() => {
    if (++missed <= MISSES) return;
    clearInterval(timer);
    tell(new Error(`it has not been heard of for ${((MISSES + 1) * ASK_MS) / 1000} s`));
  }, ASK_MS);
  client.once('close', () => clearInterval(timer));
}
