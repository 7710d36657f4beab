import { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

/** Milliseconds that the other side has to close the connection when it is told the end. */
const FAREWELL_MS = 300;

/**
 * Ends a connection. A far side that is gone without a word (a host that was removed) answers no farewell: then the socket
 * is dropped. Not by ssh2's own `destroy`, which does nothing once `end` was called.
 */
export function farewell(client: Client): Promise<void> {
  const socket: unknown = Reflect.get(client, '_sock');
  return new Promise(resolve => {
    const timer = setTimeout(drop, FAREWELL_MS);
    client.once('close', () => (clearTimeout(timer), resolve()));
    client.end();

    function drop(): void {
      if (socket instanceof Duplex) socket.destroy();
      resolve();
    }
  });
}
