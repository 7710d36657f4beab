import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entering, topo, workspace, type RunOptions } from './cli.js';

/** The simulated host `lab` of a topology, and the directory with its file. Disposing takes all of it down. */
export interface BareLab extends RunOptions, AsyncDisposable {
  /** As the sandbox is called. */
  readonly sandbox: string;
  /** What a command is put behind to run on it. */
  readonly enter: readonly string[];
  /** Gives the file another text. */
  write(text: string): Promise<void>;
}

/** A host that is up with one idle container, so that what a switch needs there can be started before a file names it. */
export async function bareLab(name: string): Promise<BareLab> {
  const space = await workspace();
  const write = (text: string): Promise<void> => writeFile(join(space.cwd, 'topo.yaml'), text);
  await write(`name: ${name}\nhosts: { lab: sandbox }\n${IDLE}`);
  expect(await topo(['up', '--yes'], space)).toMatchObject({ code: 0 });
  const sandbox = `${name}-lab`;
  return {
    cwd: space.cwd,
    sandbox,
    enter: await entering(sandbox),
    write,
    async [Symbol.asyncDispose]() {
      await topo(['down', '-v'], space);
      await space[Symbol.asyncDispose]();
    },
  };
}

/** The stack of the idle container. */
export const IDLE = `stacks:
  s: { host: lab, services: { idle: { image: topo/busybox, command: [sleep, infinity], init: true } } }
`;
