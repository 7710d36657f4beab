import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, topo, type PlannedAction } from '../support/cli.js';
import { cases, type Case } from './cases.js';
import { compose } from './compose.js';
import { lab, type Lab } from './engine.js';
import { must, wipe } from './objects.js';

/** An image that docker compose built is built anew, for topo knows its own by what it noted on them. */
const all = cases().filter(({ name }) => name !== '25-build');
/** An engine has addresses for some thirty networks that name none. */
const placeOf = (one: Case): 0 | 1 => (all.indexOf(one) % 2 === 0 ? 0 : 1);
const env = Object.assign({}, ...all.map(one => one.environment)) as Readonly<Record<string, string>>;
let here: Lab;

beforeAll(async () => {
  here = await lab();
  await Promise.all(here.sandboxes.map(wipe));
  await Promise.all(
    ([0, 1] as const).map(async place => {
      for (const one of all.filter(c => placeOf(c) === place)) {
        for (const argv of one.before) await must(here.sandboxes[place], 'docker', ...argv);
        const made = await compose({ ...here, sandbox: here.sandboxes[place] }, one, 'up', '-d');
        expect(made.code, `${one.name}: ${made.stdout}\n${made.stderr}`).toBe(0);
      }
    }),
  );
  await here.write(all.map(stackOf));
}, 900_000);

afterAll(async () => {
  await here[Symbol.asyncDispose]();
});

test('of what docker compose made only that is made anew which need be, and then all is as the files say', async () => {
  const { cwd } = here;
  const before = await startsOf();
  const { planned, remaining } = await applied({ cwd, env }, '--adopt');
  await expect(
    planned
      .filter(a => a.verb !== 'adopt')
      .map(lineOf)
      .sort()
      .join(''),
  ).toMatchFileSnapshot('../golden/compose/adopted.txt');
  expect(remaining).toEqual([]);
  const anew = planned.filter(a => a.kind === 'container' && a.verb !== 'adopt').length;
  const after = new Set(await startsOf());
  expect(before.filter(start => !after.has(start)).length).toBeLessThanOrEqual(anew);
  const plan = await topo(['plan', '--detailed-exitcode'], { cwd, env });
  expect(plan.code, `${plan.stdout}\n${plan.stderr}`).toBe(0);
  const down = await topo(['down'], { cwd, env });
  expect(down.code, `${down.stdout}\n${down.stderr}`).toBe(0);
});

function lineOf({ verb, kind, name, cause, differences }: PlannedAction): string {
  const shown = differences.filter(d => d.field !== 'made by');
  const have = (text: string): string => text.replaceAll(here.cwd, '<directory>');
  return `${verb} ${kind} ${name}: ${cause}\n${shown.map(d => `  ${d.field}: ${have(d.have)} → ${d.want}\n`).join('')}`;
}

/** Every container's id with its start. */
async function startsOf(): Promise<readonly string[]> {
  const lists = await Promise.all(
    here.sandboxes.map(host =>
      must(host, 'sh', '-c', 'docker inspect -f "{{.Id}} {{.State.StartedAt}}" $(docker ps -aq)'),
    ),
  );
  return lists.flatMap(text => text.trim().split('\n'));
}

function stackOf(one: Case): string {
  const host = placeOf(one) === 0 ? 'lab' : 'lab2';
  const { project, profiles } = one;
  const files = one.files.map(file => `./${one.name}/${file}`);
  return `s${one.name}: ${JSON.stringify({ host, project, compose: files, profiles })}`;
}
