import { expect, test } from 'vitest';
import type { Applied, Planned } from '../../src/app/index.js';
import { exitOfApplied, exitOfPlanned } from '../../src/commands/shared/exit.js';
import { action, planOf, reportOf } from '../render/samples.js';

const planned = (actions: number, more: Partial<Planned> = {}): Planned => ({
  diagnostics: [],
  plan: planOf(Array.from({ length: actions }, (_, i) => action(i + 1, {}))),
  exit: 0,
  hosts: 1,
  trips: {},
  ...more,
});
const refused: Planned = { diagnostics: [], exit: 3, hosts: 0, trips: {} };
const done = { is: 'done' } as const;
const failed = { is: 'failed', failure: { host: 'tera', command: 'x', stderr: '' } } as const;
const applied = (more: Partial<Applied>): Applied => ({
  planned: planned(2),
  declined: false,
  proofs: [],
  ...more,
});
const proof = { from: 'a', to: 'b', how: 'ping', detail: '' };

test.each([
  ['no changes', planned(0), true, 0],
  ['changes', planned(1), false, 0],
  ['changes, in detail', planned(1), true, 2],
  ['no plan', refused, true, 3],
  [
    'an error beside a plan',
    planned(1, { exit: 1, diagnostics: [{ severity: 'error', code: 'x', summary: 'x' }] }),
    true,
    1,
  ],
])('plan: %s', (_, given, detailed, exit) => {
  expect(exitOfPlanned(given, detailed)).toBe(exit);
});

test.each([
  [
    'all done',
    applied({
      report: reportOf([
        [1, done],
        [2, done],
      ]),
      remaining: planned(0),
    }),
    0,
  ],
  [
    'nothing to do, and a host left out',
    applied({ planned: planned(0, { skipped: ['dead'] }), remaining: planned(0) }),
    4,
  ],
  ['nothing to do', applied({ planned: planned(0), remaining: planned(0) }), 0],
  [
    'not verified',
    applied({
      report: reportOf([
        [1, done],
        [2, done],
      ]),
    }),
    0,
  ],
  [
    'nothing worked',
    applied({
      report: reportOf([
        [1, failed],
        [2, { is: 'skipped', because: 1 }],
      ]),
      remaining: planned(2),
    }),
    1,
  ],
  [
    'some worked',
    applied({
      report: reportOf([
        [1, done],
        [2, failed],
      ]),
      remaining: planned(1),
    }),
    4,
  ],
  [
    'all done and yet more to do',
    applied({
      report: reportOf([
        [1, done],
        [2, done],
      ]),
      remaining: planned(1),
    }),
    4,
  ],
  [
    'all done and then unreadable',
    applied({
      report: reportOf([
        [1, done],
        [2, done],
      ]),
      remaining: refused,
    }),
    4,
  ],
  [
    'a link that carries nothing',
    applied({ report: reportOf([[1, done]]), remaining: planned(0), proofs: [{ ...proof, ok: false }] }),
    4,
  ],
  [
    'interrupted',
    applied({
      report: reportOf(
        [
          [1, done],
          [2, { is: 'skipped' }],
        ],
        true,
      ),
      remaining: planned(1),
    }),
    130,
  ],
  ['declined', applied({ declined: true }), 130],
  ['an invalid file', applied({ planned: refused }), 3],
])('up: %s', (_, given, exit) => {
  expect(exitOfApplied(given)).toBe(exit);
});
