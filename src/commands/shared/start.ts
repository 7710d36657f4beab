import { execute } from '@oclif/core/execute';

/** Runs the command that the process's arguments name. `dir` is the address of a module in the package's folder. */
export async function start(dir: string): Promise<void> {
  await execute({ dir });
}
