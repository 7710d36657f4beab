import { isLost } from '../core/index.js';
import type { Host, HostName } from '../core/index.js';
import type { Connections } from './connections.js';

/** How often something is begun again because its connection broke: one that holds for moments only helps nobody. */
const MOST_TRIES = 5;

/** Milliseconds that a connection may take to fall after the first thing on it failed. */
const FALL_MS = 1_000;

/**
 * Runs on a host what may be done twice (a reading, a file that is written whole). Where the connection breaks before it has
 * ended, it is done again on a new one.
 */
export async function onHost<T>(
  links: Pick<Connections, 'host'>,
  name: HostName,
  run: (host: Host) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const host = await links.host(name);
    try {
      return await run(host);
    } catch (error) {
      if (!isLost(error) || tries === MOST_TRIES) throw error;
      await fallen(host);
    }
  }
}

async function fallen({ closed }: Host): Promise<void> {
  const until = AbortSignal.any([closed, AbortSignal.timeout(FALL_MS)]);
  if (!until.aborted) await new Promise(resolve => until.addEventListener('abort', resolve, { once: true }));
}
