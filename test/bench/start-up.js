import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const USAGE = new URL('usage.cjs', import.meta.url).pathname;
const RUN = new URL('../../bin/run.js', import.meta.url).pathname;
const FILE = new URL('../../topologies/quickstart.yaml', import.meta.url).pathname;

const PROGRAMS = {
  'node -e 0': ['-e', '0'],
  'topo --version': [RUN, '--version'],
  'topo --help': [RUN, '--help'],
  'topo validate': [RUN, 'validate', '-f', FILE],
};

/** Whole processes: CPU milliseconds (user and system) and peak memory in MB, the least of `runs` runs that take turns. */
export function measureStartUp(runs) {
  const directory = mkdtempSync(join(tmpdir(), 'topo-bench-'));
  const file = join(directory, 'usage.json');
  const least = {};
  try {
    for (let i = 0; i < runs; i++)
      for (const [name, argv] of Object.entries(PROGRAMS)) {
        const { cpu, maxRSS } = usageOf(argv, file);
        const before = least[name] ?? { ms: Infinity, mb: Infinity };
        least[name] = { ms: Math.min(before.ms, cpu / 1000), mb: Math.min(before.mb, maxRSS / 1024) };
      }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return least;
}

function usageOf(argv, file) {
  const env = { ...process.env, BENCH_USAGE: file, NODE_OPTIONS: `--require ${USAGE}` };
  execFileSync(process.execPath, argv, { stdio: 'ignore', env });
  return JSON.parse(readFileSync(file, 'utf8'));
}
