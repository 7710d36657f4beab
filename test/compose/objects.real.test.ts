import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside, topo, type Ran } from '../support/cli.js';
import { cases, type Case } from './cases.js';
import { differencesOf, explanationOf, type Explanation, type FieldDifference } from './differences.js';
import { COMPOSE, lab, type Lab } from './engine.js';
import { EXPLANATIONS } from './explanations.js';
import { ownFields, type ObjectFields } from './fields.js';
import { normalised } from './normalise.js';
import { must, objectsOf, wipe } from './objects.js';
import { plainObjects } from './plain.js';

const GOLDEN = new URL('../golden/compose/', import.meta.url);
const recordedWith = readJson<{ readonly engine: string }>('recorded-with.json').engine;
const engine = /version ([^, ]+)/.exec(spawnSync('dockerd', ['--version'], { encoding: 'utf8' }).stdout)?.[1];
const same = recordedWith.split('.').slice(0, 2).join() === engine?.split('.').slice(0, 2).join();
const why = same ? '' : ` (left out: recorded with engine ${recordedWith}, and this one is ${engine})`;

const ready = cases();
/** An engine has addresses for some thirty networks that name none. */
const hostOf = (one: Case): 'lab' | 'lab2' => (ready.indexOf(one) % 2 === 0 ? 'lab' : 'lab2');

describe.skipIf(!same)(`Compose files by topo beside docker compose's${why}`, () => {
  let here: Lab;
  const found = new Map<string, readonly FieldDifference[]>();

  beforeAll(async () => {
    here = await lab();
    await Promise.all(here.sandboxes.map(wipe));
    const plain = await plainObjects(here.sandbox);
    for (const one of ready)
      for (const argv of one.before) await must(`${here.name}-${hostOf(one)}`, 'docker', ...argv);
    await here.write(ready.map(stackOf));
    const up = await topo(['up', '--yes'], { cwd: here.cwd, env: environment() });
    expect(up.code, `${up.stdout}\n${up.stderr}`).toBe(0);
    for (const one of ready) {
      const host = `${here.name}-${hostOf(one)}`;
      const objects = normalised(await objectsOf(host, one.project), join(here.cwd, one.name), host);
      const made = ownFields(objects, plain);
      const recorded = readJson<ObjectFields>(`objects/${one.name}.json`);
      found.set(one.name, differencesOf(one.name, recorded, made));
    }
  }, 600_000);

  afterAll(async () => {
    await here[Symbol.asyncDispose]();
  });

  test.each(ready)('$name: no difference without a reason', ({ name }) => {
    const unexplained = found.get(name)!.filter(d => explanationOf(d) === undefined);
    expect(unexplained.map(d => `${d.object}: ${d.path}: ${d.compose} → ${d.topo}`)).toEqual([]);
  });

  test('every reason is of a difference that is there', async () => {
    const all = [...found.values()].flat();
    const table = EXPLANATIONS.map(e =>
      tableOf(
        e,
        all.filter(d => explanationOf(d) === e),
      ),
    );
    await expect(table.join('\n')).toMatchFileSnapshot('../golden/compose/differences.txt');
    expect(EXPLANATIONS.filter(e => !all.some(d => explanationOf(d) === e))).toEqual([]);
  });

  test.skipIf(unasked !== '')(`docker compose takes a project for one of its own${unasked}`, async () => {
    const one = ready.find(({ name }) => name === '33-ci-runner')!;
    const ask = (...argv: readonly string[]): Promise<Ran> =>
      inside(`${here.name}-${hostOf(one)}`, `${COMPOSE}docker-compose`, '-p', one.project, ...argv);
    const [ps, ls, logs] = await Promise.all([
      ask('ps', '--format', '{{.Service}} {{.Name}} {{.State}}'),
      ask('ls', '--filter', `name=^${one.project}$`, '--format', 'json'),
      ask('logs', '--no-color'),
    ]);
    const said = { code: 0, stderr: '' };
    const files = join(here.cwd, 'topo.yaml');
    const listed = `[{"Name":"${one.project}","Status":"running(1)","ConfigFiles":"${files}"}]\n`;
    expect(ps).toEqual({ ...said, stdout: `runner ${one.project}-runner-1 running\n` });
    expect(ls).toEqual({ ...said, stdout: listed });
    expect(logs).toEqual({ ...said, stdout: 'runner-1  | started\n' });
  });

  test('nothing is left to do', async () => {
    const plan = await topo(['plan', '--detailed-exitcode'], { cwd: here.cwd, env: environment() });
    expect(plan.code, `${plan.stdout}\n${plan.stderr}`).toBe(0);
  });
});

/** Why `docker compose` itself is not asked, for the name of a test. */
const unasked = existsSync(`${COMPOSE}complete`) ? '' : ' (left out: npm run test:compose builds it)';

/** A reason with the fields that differ. */
function tableOf({ kind, reason }: Explanation, differences: readonly FieldDifference[]): string {
  const fields = differences.map(d => d.path.replace(/(?<=\.Networks\.)[^.]+/, '*') || 'the whole');
  return `${reason}\n  ${kind}: ${[...new Set(fields)].sort().join(' ')}\n`;
}

function stackOf(one: Case): string {
  const compose = one.files.map(file => `./${one.name}/${file}`);
  const { project, profiles } = one;
  return `s${one.name}: ${JSON.stringify({ host: hostOf(one), project, compose, profiles })}`;
}

/** All the cases' variables: no two have the same. */
function environment(): Readonly<Record<string, string>> {
  return Object.assign({}, ...ready.map(one => one.environment)) as Readonly<Record<string, string>>;
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, GOLDEN), 'utf8')) as T;
}
