import { expect, test } from 'vitest';
import { netnsMissing } from '../../support/netns.js';
import { replay, surprises, type Replayed } from './replay.js';
import { notReplayed, recordedIn, SCENES } from './transcripts.js';

/** A host with netmap by ssh: what is recorded is then compared with it instead of with the emulator. */
const REAL = process.env['TOPO_REAL_VALE'];

/** A transcript whose driver is not the one of the machine can only be replayed where one is emulated. */
const scenes = SCENES.filter(
  s => !notReplayed().includes(s.file) && (REAL === undefined || (s.holders === '' && s.admode === 0)),
);
const all: Replayed[] = [];
const skip = netnsMissing() !== undefined;

test.each(scenes)('transcript $file replays', { skip }, scene => {
  const lines = replay(scene, REAL);
  all.push(...lines);
  process.stdout.write(`${scene.file}: ${share(lines)}\n`);
  expect(surprises(lines, REAL)).toEqual([]);
});

test('most of it replays', { skip: skip || REAL !== undefined }, () => {
  const lines = SCENES.reduce((sum, { file }) => sum + recordedIn(file).length, 0);
  process.stdout.write(`all: ${share(all)}; ${lines} are recorded\n`);
  expect(all.filter(({ sameness }) => sameness !== 'no').length / lines).toBeGreaterThan(0.7);
});

function share(lines: readonly Replayed[]): string {
  const count = (how: string): number => lines.filter(({ sameness }) => sameness === how).length;
  return `${count('wholly')} of ${lines.length} lines wholly, ${count('partly')} but for frames and the log, ${count('no')} not`;
}
