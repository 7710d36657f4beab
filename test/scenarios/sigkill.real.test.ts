import { expect, test } from 'vitest';
import { workspace } from '../support/cli.js';
import { killAtRandom } from '../support/kills.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

test('SIGKILL at random moments of up and down of the quick start: the next run converges, and nothing is left', async () => {
  expect.hasAssertions();
  await using space = await workspace('quickstart.yaml', ownName('sigkill'));
  await killAtRandom({ space, look: () => snapshot() }, 2);
});
