import { describe, expect, test } from 'vitest';
import { workspace } from '../support/cli.js';
import { killAtRandom } from '../support/kills.js';
import { startMixedWorld } from '../support/mixed-world.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing } from '../support/sandboxes.js';
import { snapshot } from '../support/snapshot.js';

/** Two kills each. */
const ROUNDS = 10;

describe.skipIf(sandboxesMissing() !== undefined)(`${2 * ROUNDS} times SIGKILL`, () => {
  test('on switches and links of all kinds', async () => {
    expect.hasAssertions();
    await using world = await startMixedWorld(ownName('kills'));
    await killAtRandom(world, ROUNDS);
  });

  test('on the quick start', async () => {
    expect.hasAssertions();
    await using space = await workspace('quickstart.yaml', ownName('sigkill'));
    await killAtRandom({ space, look: () => snapshot() }, ROUNDS);
  });
});
