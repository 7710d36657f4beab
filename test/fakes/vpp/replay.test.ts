import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { difference, isSame } from './difference.js';
import { PaperStage } from './paper-stage.js';
import { RealStage } from './real-stage.js';
import { replay } from './replay.js';
import { REAL_VPPCTL } from './test-vpp.js';
import { TRANSCRIPTS } from './transcripts.js';

/** Places and commands that don't replay, under the reasons for it. */
const LISTED = readFileSync(new URL('not-replayed.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'));

const shares: { readonly name: string; readonly equal: number; readonly all: number }[] = [];

test.each(TRANSCRIPTS)('%s replays', async name => {
  const replayed = await replay(name, scene => Promise.resolve(new PaperStage(scene)));
  const differing = replayed.filter(({ equal }) => !equal).map(({ at }) => at);
  shares.push({ name, equal: replayed.length - differing.length, all: replayed.length });
  expect(differing.toSorted()).toEqual(LISTED.filter(line => line.startsWith(`${name}:`)).toSorted());
});

test('nearly all of it replays exactly', () => {
  const [equal, all] = [shares.map(share => share.equal), shares.map(share => share.all)].map(numbers =>
    numbers.reduce((sum, n) => sum + n, 0),
  ) as [number, number];
  const lines = shares.map(share => `${share.name}: ${share.equal} of ${share.all}`);
  process.stdout.write(`${[...lines, `all: ${equal} of ${all}`].join('\n')}\n`);
  expect(equal / all).toBeGreaterThan(0.95);
});

/** Beside what is listed, a little depends on the machine and on the second VPP, which is not there. */
const LEAST = 0.8;

test.each(REAL_VPPCTL === undefined ? [] : TRANSCRIPTS)('%s is what a real VPP answers', async name => {
  let stage: RealStage | undefined;
  const replayed = await replay(name, async scene => (stage = await RealStage.open(REAL_VPPCTL!, scene)));
  await stage?.close();
  const differing = replayed.filter(one => !isSame(one) && !LISTED.includes(one.at));
  process.stdout.write(`${name}, real: ${replayed.length - differing.length} of ${replayed.length}\n`);
  process.stdout.write(differing.map(difference).join(''));
  expect(replayed.length - differing.length).toBeGreaterThanOrEqual(LEAST * replayed.length);
});
