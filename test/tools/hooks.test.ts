import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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
  for (const input of [...Object.values(hookScripts), RUNS_READER]) execFileSync('sh', ['-n'], { input });
});

/** Where an engine and topo keep what the scripts look at, in place of `/var/lib`. */
function inDirectory(): { readonly started: (at: string) => void; readonly run: (script: string) => string } {
  const base = mkdtempSync(join(tmpdir(), 'hooks-'));
  onTestFinished(() => rmSync(base, { recursive: true }));
  const container = join(base, 'docker/containers', a);
  mkdirSync(container, { recursive: true });
  return {
    started: at =>
      writeFileSync(
        join(container, 'config.v2.json'),
        `{"State":{"StartedAt":"${at}"},"Labels":{"topo.id":"h/container/s/web","topo.name":"lab"}}`,
      ),
    run: script => {
      const text = script.replaceAll('/var/lib/', `${base}/`);
      return execFileSync('sh', ['-c', text, 'x', 'lab', 'h/container/s/web'], { encoding: 'utf8' });
    },
  };
}

const READ = `${RUNS_READER}\ntopology=lab\nruns`;

test('a container that is started again while its hooks run is not set up for that start', () => {
  const { started, run } = inDirectory();
  started('first');
  run(hookScripts['hooks-begin']);
  expect(parseRuns(run(READ))).toEqual({ [a]: { startedAt: 'first' } });
  started('second');
  run(hookScripts['hooks-done']);
  run(hookScripts['hooks-done']);
  expect(parseRuns(run(READ))).toEqual({ [a]: { startedAt: 'second', hooksAt: 'first' } });
});

test('what is written down of containers that are gone goes, and of one that is not there nothing is', () => {
  const { started, run } = inDirectory();
  started('first');
  run(hookScripts['hooks-begin']);
  run(hookScripts['hooks-done']);
  run(
    `mkdir -p /var/lib/topo/lab/started; echo old | tee /var/lib/topo/lab/started/${b} >/var/lib/topo/lab/started/.${b}`,
  );
  run(hookScripts['hooks-begin']);
  expect(run('cd /var/lib/topo/lab/started; ls -A')).toBe(`.${a}\n${a}\n`);
  expect(() => run(hookScripts['hooks-done'].replaceAll('$2', 'h/container/s/no'))).toThrow(
    'is on this host',
  );
});
