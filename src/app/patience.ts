import type { Impairment } from '../core/index.js';
import type { Patience } from '../tools/index.js';
import { reachedFrom } from './wiring.js';
import type { Wiring } from './wiring.js';

/** A ping that may take longer than this, in seconds, or of which fewer than this share come back, proves nothing in time. */
const LONGEST = 20;
const LEAST_SHARE = 0.05;
/** How often all tries of a path that carries frames may fail. */
const UNLUCKY = 1e-4;
const LEAST_TRIES = 3;

/**
 * What a ping of so many bytes from a port needs of patience, for links that it may go along are impaired, and each may do its worst;
 * undefined where no patience is enough.
 */
export function patienceIn(wiring: Wiring): (node: string, bytes: number) => Patience | undefined {
  const impaired = wiring.wires.filter(({ link }) => link.ends.some(end => end.impair));
  return (node, bytes) => {
    if (impaired.length === 0) return { tries: LEAST_TRIES, seconds: 1 };
    const near = new Set([node, ...reachedFrom(node, wiring)]);
    const wires = impaired.filter(({ nodes }) => nodes.some(n => near.has(n)));
    const all = wires.flatMap(({ link }) => link.ends.flatMap(({ impair }) => impair ?? []));
    const seconds = Math.ceil(1 + all.reduce((sum, impair) => sum + secondsOf(impair, bytes), 0));
    const share = all.reduce((product, impair) => product * shareOf(impair), 1);
    if (seconds > LONGEST || share < LEAST_SHARE) return undefined;
    const tries = share === 1 ? 0 : Math.ceil(Math.log(UNLUCKY) / Math.log(1 - share));
    return { tries: Math.max(LEAST_TRIES, tries), seconds };
  };
}

function secondsOf({ delay = 0, jitter = 0, rate = Infinity }: Impairment, bytes: number): number {
  return (delay + jitter) / 1e6 + (bytes * 8) / rate;
}

function shareOf({ loss = 0, corrupt = 0 }: Impairment): number {
  return (1 - loss / 100) * (1 - corrupt / 100);
}
