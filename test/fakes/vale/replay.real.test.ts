import { expect, test } from 'vitest';
import { netnsMissing } from '../../support/netns.js';
import { replay } from './replay.js';
import { SCENES } from './transcripts.js';

/** A host with netmap by ssh: what is recorded is then compared with it instead of with the emulator. */
const REAL = process.env['TOPO_REAL_VALE'];

/** The others take long: replay.long.test.ts has all of them. */
const SHORT = ['02-list', '07d-stale-entry', '09-oops-detach-host-port'];

test(
  'lists, names and stale entries are as they were recorded',
  { skip: netnsMissing() !== undefined },
  () => {
    for (const scene of SCENES.filter(s => SHORT.includes(s.file))) {
      const { others } = replay(scene, REAL);
      expect(others, scene.file).toEqual([]);
    }
  },
);
