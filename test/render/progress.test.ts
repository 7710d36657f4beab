import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { ActionOutcome, Event } from '../../src/core/index.js';
import { createProgress } from '../../src/render/index.js';
import { action, EVERY_SORT } from './samples.js';

const done: ActionOutcome = { is: 'done' };
const failed: ActionOutcome = { is: 'failed', failure: { host: 'rog', command: 'ip', stderr: 'no' } };

const RUN: readonly Event[] = [
  { type: 'phase', phase: 'read', text: 'reading 2 hosts' },
  { type: 'warning', text: 'clock is off', host: 'rog' },
  { type: 'plan', actions: EVERY_SORT.actions },
  ...EVERY_SORT.actions.flatMap((action): Event[] => [
    { type: 'started', action },
    { type: 'ended', action, outcome: action.id === 5 ? failed : done, ms: 100 * action.id },
  ]),
];

/** Plays events into a display and returns all that it wrote. */
async function play(
  mode: 'draw' | 'plain' | 'json' | 'quiet',
  events: readonly Event[],
  pause = 0,
): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 30 });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const progress = createProgress({
    mode,
    stream: stream as unknown as NodeJS.WriteStream,
    color: false,
    now: () => 1000,
  });
  for (const event of events) {
    progress.emit(event);
    if (pause > 0) await sleep(pause);
  }
  await progress.end();
  return Buffer.concat(chunks).toString();
}

test("plain: a line per action that ended, with its host's counter", async () => {
  await expect(await play('plain', RUN)).toMatchFileSnapshot('expected/progress-plain.txt');
});

test('json: every line is a value, and no step is in it', async () => {
  const text = await play('json', RUN);
  const values = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { type: string; time: number });
  expect(values.map(value => value.type).slice(0, 5)).toEqual([
    'phase',
    'warning',
    'plan',
    'started',
    'ended',
  ]);
  expect(values.every(value => value.time === 1000)).toBe(true);
});

test('json: what a step holds stays out of events', async () => {
  const secret = action(1, {
    steps: [{ via: 'exec', mutates: true, label: 'run', argv: ['cat'], stdin: 'hush' }],
  });
  expect(
    await play('json', [
      { type: 'plan', actions: [secret] },
      { type: 'started', action: secret },
    ]),
  ).not.toContain('hush');
});

test('quiet: warnings only', async () => {
  expect(await play('quiet', RUN)).toBe('Warning: rog: clock is off\n');
});

test('draw: one line per host, ended with what became of it', async () => {
  const text = stripVTControlCharacters(await play('draw', RUN, 30));
  const last = text.slice(-400);
  expect(last).toMatch(/✔ this machine {2}1\/1/);
  expect(last).toMatch(/✔ tera {10}3\/3/);
  expect(last).toMatch(/✖ rog {11}1\/2 {2}1 failed/);
});

test('draw: ends although actions never did', async () => {
  const text = stripVTControlCharacters(await play('draw', RUN.slice(0, 4)));
  expect(text).toContain('0/1  sandbox host two-sites-lab1');
});

test('draw: a second plan is drawn beneath the first', async () => {
  const again = RUN.slice(2).map(event =>
    event.type === 'plan' ? { ...event, actions: EVERY_SORT.actions.slice(1, 3) } : event,
  );
  const second = again.filter(event => !('action' in event) || [2, 3].includes(event.action.id));
  const text = stripVTControlCharacters(await play('draw', [...RUN, ...second], 30));
  expect(text.slice(-200)).toMatch(/✔ tera {2}2\/2/);
  expect(text).toMatch(/✔ tera {10}3\/3/);
});
