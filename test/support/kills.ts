import { expect } from 'vitest';
import { applied, topo, type RunOptions } from './cli.js';

/** What is killed at, and how one looks at all that it could leave behind. */
export interface Victim {
  readonly space: RunOptions;
  readonly look: () => Promise<string>;
}

/**
 * topo is killed at random moments, twice a round: in `up`, after which one more `up` converges, and in `down`, after which the same is
 * true, or (every other round) one more `down` is enough. At the end of each round nothing is left. Moments are spread over the
 * whole run: its length is measured first.
 */
export async function killAtRandom({ space, look }: Victim, rounds: number): Promise<void> {
  const before = await look();
  const length = { up: await timeOf(['up'], space), down: await timeOf(DOWN, space) };
  expect(await look()).toBe(before);
  const told: string[] = [];
  const kill = async (verb: 'up' | 'down', round: number): Promise<void> => {
    const killAfter = Math.round(((round + Math.random()) / rounds) * length[verb]);
    const began = Date.now();
    const { code } = await topo(verb === 'up' ? ['up'] : DOWN, { ...space, killAfter });
    if (code !== null) length[verb] = Date.now() - began; // quicker than the first, which brought the image as well
    told.push(`${verb} killed after ${killAfter} of ${length[verb]} ms (${code ?? 'SIGKILL'})`);
  };
  const converge = async (): Promise<void> => {
    expect((await applied(space)).remaining, told.at(-1)).toEqual([]);
    await expectCode(['check'], space, told);
  };

  for (let round = 0; round < rounds; round++) {
    await kill('up', round);
    await converge();
    await kill('down', round);
    if (round % 2 === 0) await converge();
    await expectCode(DOWN, space, told);
    expect(await look(), told.at(-1)).toBe(before);
  }
  process.stdout.write(`${told.join('\n')}\n`);
}

const DOWN = ['down', '-v'];

async function timeOf(args: readonly string[], space: RunOptions): Promise<number> {
  const began = Date.now();
  await expectCode(args, space);
  return Date.now() - began;
}

async function expectCode(
  args: readonly string[],
  space: RunOptions,
  told: readonly string[] = [],
): Promise<void> {
  const ran = await topo(args, space);
  expect(ran.code, `${told.at(-1) ?? ''}\ntopo ${args.join(' ')}:\n${ran.stdout}\n${ran.stderr}`).toBe(0);
}
