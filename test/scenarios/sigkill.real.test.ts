import { expect, test } from 'vitest';
import { planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

const ROUNDS = 20;

/**
 * topo is killed at a random moment of `up` or of `down`, twenty times: one more `up` converges, one more `down` leaves
 * nothing. Moments are spread over the whole run: its length is measured first.
 */
test(`${ROUNDS} times SIGKILL at a random moment of up and down: the next run converges, and nothing is left`, async () => {
  await using space = await workspace('quickstart.yaml', ownName('sigkill'));
  const before = await snapshot();
  const length = { up: await timeOf(['up'], space), down: await timeOf(['down', '-v'], space) };
  const told: string[] = [];

  for (let round = 0; round < ROUNDS; round++) {
    const victim = round % 2 === 0 ? 'up' : 'down';
    if (victim === 'down') await expectCode(['up'], space);
    const killAfter = Math.round(((round + Math.random()) / ROUNDS) * length[victim]);
    const killed = await topo(victim === 'up' ? ['up'] : ['down', '-v'], { ...space, killAfter });
    told.push(`${victim} killed after ${killAfter} of ${length[victim]} ms (${killed.code ?? 'SIGKILL'})`);

    await expectCode(['up'], space, told);
    expect(await planned(space), told.at(-1)).toEqual([]);
    await expectCode(['check'], space, told);
    await expectCode(['down', '-v'], space, told);
    expect(await snapshot(), told.at(-1)).toBe(before);
  }
});

async function timeOf(args: readonly string[], space: { cwd: string }): Promise<number> {
  const began = Date.now();
  await expectCode(args, space);
  return Date.now() - began;
}

async function expectCode(
  args: readonly string[],
  space: { cwd: string },
  told: readonly string[] = [],
): Promise<void> {
  const ran = await topo(args, space);
  expect(ran.code, `${told.at(-1) ?? ''}\ntopo ${args.join(' ')}:\n${ran.stdout}\n${ran.stderr}`).toBe(0);
}
