import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { hookScripts, parseRuns, RUNS_READER } from '../../src/tools/hooks.js';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

test('starts and what was written down for them, by container', () => {
  const text = `/data/containers/${b}/config.v2.json:"StartedAt":"2026-01-02T03:04:05.6Z"
/data/containers/${b}/config.v2.json:"StartedAt":"a label that is called so"
/data/containers/${a}/config.v2.json:"StartedAt":"2026-01-01T00:00:00Z"
/var/lib/topo/lab/started/${a}:2026-01-01T00:00:00Z
/var/lib/topo/lab/started/gone:2026-01-01T00:00:00Z
`;
  expect(parseRuns(text)).toEqual({
    [a]: { startedAt: '2026-01-01T00:00:00Z', hooksAt: '2026-01-01T00:00:00Z' },
    [b]: { startedAt: '2026-01-02T03:04:05.6Z' },
  });
  expect(parseRuns('')).toEqual({});
});

test('a shell reads them without complaint', () => {
  for (const input of [hookScripts['hooks-done'], RUNS_READER]) execFileSync('sh', ['-n'], { input });
});
