import { expect, test } from 'vitest';
import { renderReport } from '../../src/render/index.js';
import { EVERY_SORT, reportOf } from './samples.js';

const done = { is: 'done' } as const;
const failed = {
  is: 'failed',
  failure: {
    host: 'tera',
    command: 'POST /containers/create?name=shop-web-1',
    exit: 404,
    stderr: 'No such image: nginx:1.27\n',
    hint: 'pull it on tera, or set pull_policy: push',
  },
} as const;

test('all done is one line', () => {
  const report = reportOf(EVERY_SORT.actions.map(({ id }) => [id, done]));
  expect(renderReport(EVERY_SORT, report, { color: false, hosts: 2, ms: 4210 })).toBe(
    'Done: 3 added, 1 changed, 1 replaced, 1 removed on 2 hosts in 4.2 s',
  );
});

test('a failure, what it held up, and what is left', async () => {
  const report = reportOf([
    [1, done],
    [2, done],
    [3, failed],
    [4, { is: 'skipped', because: 3 }],
    [5, done],
    [6, done],
  ]);
  await expect(
    `${renderReport(EVERY_SORT, report, { color: false, hosts: 2, ms: 12_400 })}\n`,
  ).toMatchFileSnapshot('expected/report-failed.txt');
});

test('an interruption says what was not tried', async () => {
  const report = reportOf([[1, done], ...[2, 3, 4, 5, 6].map(id => [id, { is: 'skipped' }] as const)], true);
  await expect(
    `${renderReport(EVERY_SORT, report, { color: false, hosts: 2, ms: 900 })}\n`,
  ).toMatchFileSnapshot('expected/report-interrupted.txt');
});

test('only the end of a long error is shown', () => {
  const stderr = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
  const report = reportOf([
    [1, { is: 'failed', failure: { host: 'tera', command: 'ip link', exit: 2, stderr } }],
  ]);
  const text = renderReport(EVERY_SORT, report, { color: false, hosts: 2, ms: 1 });
  expect(text).toContain('… 20 lines before');
  expect(text).toContain('| line 29');
  expect(text).not.toContain('line 19\n');
});
