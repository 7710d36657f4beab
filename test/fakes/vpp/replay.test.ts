import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TRANSCRIPTS, replay } from './replay.js';

/** Places and commands that don't replay, under the reasons for it. */
const LISTED = readFileSync(new URL('not-replayed.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'));

const shares: string[] = [];

const oneLine = (command: string): string => command.replaceAll(/\s+/g, ' ').slice(0, 80).trim();

test.each(TRANSCRIPTS)('%s replays', name => {
  const replayed = replay(name);
  const differing = replayed.filter(({ equal }) => !equal);
  shares.push(`${name}: ${replayed.length - differing.length} of ${replayed.length}`);
  const places = differing.map(({ at, command }) => `${at} ${oneLine(command)}`);
  expect(places.toSorted()).toEqual(LISTED.filter(line => line.startsWith(`${name}:`)).toSorted());
});

test('the share that replays exactly', () => {
  process.stdout.write(`\n${shares.join('\n')}\n`);
  const [equal, all] = ['equal', 'all'].map(
    key => TRANSCRIPTS.flatMap(replay).filter(one => key === 'all' || one.equal).length,
  ) as [number, number];
  process.stdout.write(`all: ${equal} of ${all}\n`);
  expect(equal / all).toBeGreaterThan(0.95);
});
