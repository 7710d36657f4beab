import { readdir, rm } from 'node:fs/promises';
import { parseSandboxList, removeSandbox, scriptArgv } from '../../src/tools/index.js';
import { runOf } from './own-name.js';
import { mustRun, openOperator, runStep, sandboxesMissing } from './sandboxes.js';

/** Before the first real test of a run: removes the sandboxes, and the locks on them, of runs that were killed. */
export async function setup(): Promise<void> {
  if (sandboxesMissing() !== undefined) return;
  const operator = await openOperator();
  try {
    const all = parseSandboxList((await mustRun(operator, scriptArgv('sandbox-list', []))).stdout);
    await Promise.all(
      all.filter(({ name }) => isLeft(name)).map(({ name }) => runStep(operator, removeSandbox(name))),
    );
    const locks = await readdir('/run/topo').catch(() => []);
    await Promise.all(
      locks.filter(isLeft).map(name => rm(`/run/topo/${name}`, { recursive: true, force: true })),
    );
  } finally {
    await operator.close();
  }
}

function isLeft(name: string): boolean {
  const pid = runOf(name);
  return pid !== undefined && !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
