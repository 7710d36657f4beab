import { afterAll, beforeAll, describe, test } from 'vitest';
import { startCutWorld, type CutWorld, type Lane } from '../support/cuts.js';
import { sandboxesMissing } from '../support/sandboxes.js';

/** One of each kind; `cuts.long.test.ts` has more, at random moments. */
const LANES: readonly Lane[] = [
  { transport: 'ssh2', cuts: [{ kind: 'dropped for ever', on: 1, at: 0.5 }] },
  { transport: 'ssh2', cuts: [{ kind: 'dropped for 5 s', on: 0, at: 0.3 }] },
  { transport: 'openssh', cuts: [{ kind: 'killed', on: 1, at: 0.6 }] },
];

describe.skipIf(sandboxesMissing() !== undefined)('a connection that is cut in the middle of `up`', () => {
  let world: CutWorld;
  beforeAll(async () => {
    world = await startCutWorld(LANES.length);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  test.concurrent.each(LANES.map((lane, i) => ({ lane, i, kind: lane.cuts[0]!.kind })))(
    '$kind: it converges or says so within 30 s, one more `up` converges, and nothing is left',
    ({ lane, i }) => world.runLane(i, lane, []),
  );
});
