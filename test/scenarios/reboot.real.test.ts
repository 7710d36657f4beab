import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebootSandbox } from '../../src/tools/index.js';
import { planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { openOperator, runStep } from '../support/sandboxes.js';

const NAME = ownName('reboot');
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace('quickstart.yaml', NAME);
  await mustUp();
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

test('a host that was rebooted: what it lost is named as drift, and nothing elsewhere; one up brings all of it back', async () => {
  const operator = await openOperator();
  await runStep(operator, rebootSandbox(`${NAME}-lab1`));
  await operator.close();
  const actions = await planned(space);
  const lost = actions.map(a => a.kind);
  expect(lost).toEqual(expect.arrayContaining(['vxlan', 'address', 'fdb', 'neighbour', 'route', 'guard']));
  expect(actions.filter(a => a.host !== 'lab1' || !a.drift)).toEqual([]);

  await mustUp();
  expect(await planned(space)).toEqual([]);
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
});

async function mustUp(): Promise<void> {
  const up = await topo(['up', '--yes'], space);
  expect(up, `${up.stdout}\n${up.stderr}`).toMatchObject({ code: 0 });
}
