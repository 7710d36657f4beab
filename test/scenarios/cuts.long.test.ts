import { afterAll, beforeAll, describe, test } from 'vitest';
import { startCutWorld, type CutKind, type CutWorld, type Lane } from '../support/cuts.js';
import { sandboxesMissing } from '../support/sandboxes.js';

/** Another number gives other moments. */
const SEED = Number(process.env['CUTS_SEED'] ?? 7);

/** Twenty cuts, on both transports. */
const KINDS: readonly (readonly [Lane['transport'], ...CutKind[]])[] = [
  ['ssh2', 'dropped for ever', 'killed', 'killed', 'dropped for 5 s'],
  ['openssh', 'dropped for ever', 'killed', 'killed', 'dropped for 5 s'],
  ['ssh2', 'dropped for ever', 'killed', 'killed', 'dropped for 5 s'],
  ['openssh', 'dropped for 5 s', 'killed', 'dropped for 5 s', 'killed'],
  ['ssh2', 'killed', 'dropped for 5 s', 'killed', 'dropped for 5 s'],
];

describe.skipIf(sandboxesMissing() !== undefined)('a connection that is cut', () => {
  let world: CutWorld;
  beforeAll(async () => {
    world = await startCutWorld(KINDS.length);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  test('at twenty random moments of `up`: it converges or says so within 30 s, one more `up` converges, and nothing is left', async () => {
    const random = randomOf(SEED);
    const lanes = KINDS.map(([transport, ...kinds]) => ({
      transport,
      cuts: kinds.map(kind => ({ kind, at: random(), on: random() < 0.5 ? 0 : 1 }) as const),
    }));
    const told: string[] = [];
    const ended = await Promise.allSettled(lanes.map((lane, i) => world.runLane(i, lane, told)));
    process.stdout.write(`seed ${SEED}\n${told.join('\n')}\n`);
    for (const lane of ended) if (lane.status === 'rejected') throw lane.reason as Error;
  });
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
