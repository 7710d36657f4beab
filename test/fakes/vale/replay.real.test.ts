import { expect, test } from 'vitest';
import { netnsMissing } from '../../support/netns.js';
import { replay, surprises } from './replay.js';
import { SCENES } from './transcripts.js';

/** A host with netmap by ssh: what is recorded is then compared with it instead of with the emulator. */
const REAL = process.env['TOPO_REAL_VALE'];

test('lists are as they were recorded', { skip: netnsMissing() !== undefined }, () => {
  // The others take long: replay.long.test.ts has all of them.
  const scene = SCENES.find(({ file }) => file === '02-list')!;
  expect(surprises(replay(scene, REAL), REAL)).toEqual([]);
});
