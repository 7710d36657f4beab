import { expect, test } from 'vitest';
import { netnsMissing } from '../../support/netns.js';
import { replay } from './replay.js';
import { SCENES } from './transcripts.js';

/** A host with netmap by ssh: what is recorded is then compared with it instead of with the emulator. */
const REAL = process.env['TOPO_REAL_VALE'];

/** A transcript whose driver is not the one of the machine can only be replayed where one is emulated. */
const scenes = SCENES.filter(s => REAL === undefined || (s.holders === '' && s.admode === 0));

for (const scene of scenes)
  test(`transcript ${scene.file} replays`, { skip: netnsMissing() !== undefined }, () => {
    const { lines, same, others } = replay(scene, REAL);
    process.stdout.write(
      `${scene.file}: ${same} of ${lines} lines are the same, ${lines - same} are left out\n`,
    );
    expect(others).toEqual([]);
  });
