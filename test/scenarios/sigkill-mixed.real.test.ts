import { describe, expect, test } from 'vitest';
import { killAtRandom } from '../support/kills.js';
import { startMixedWorld } from '../support/mixed-world.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing } from '../support/sandboxes.js';

describe.skipIf(sandboxesMissing() !== undefined)('SIGKILL', () => {
  test('at random moments of up and down of switches and links of all kinds: the next run converges, and nothing is left', async () => {
    expect.hasAssertions();
    await using world = await startMixedWorld(ownName('kills'));
    await killAtRandom(world, 2);
  });
});
