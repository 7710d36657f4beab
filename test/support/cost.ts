import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { Ran } from './cli.js';

/** Seconds of one of many things. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

/** What work costs for each of the things that it makes. */
export async function costPer(things: number, work: () => Promise<unknown>): Promise<Cost> {
  const [cpu, wall] = [await cpuSeconds(), performance.now()];
  await work();
  return {
    cpu: ((await cpuSeconds()) - cpu) / things,
    wall: (performance.now() - wall) / 1000 / things,
  };
}

/** The processor time of topo, of the hosts' engines and of all that they started: of the machine that this test has to itself. */
async function cpuSeconds(): Promise<number> {
  return Number(/^usage_usec (\d+)/.exec(await readFile('/sys/fs/cgroup/cpu.stat', 'utf8'))![1]) / 1e6;
}

/** For the log of a test. */
export const inWords = ({ cpu, wall }: Cost): string => `${cpu.toFixed(3)} s of CPU, ${wall.toFixed(3)} s`;

/** The round trips by host of an `up --json` that changed nothing. */
export function nothingToDo({ stdout }: Ran): unknown {
  const report = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
  expect(report).toMatchObject({ type: 'report', exit: 0, done: 0, failed: 0 });
  return report['trips'];
}
