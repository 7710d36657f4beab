import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decideUp } from '../../src/app/decide.js';
import { movedSince, readPlanFile, standInKey, writePlanFile } from '../../src/app/plan-file.js';
import type { Plan } from '../../src/core/index.js';
import { freshWorld, resolved } from '../fakes/scene.js';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'topo-plan-'))));
afterAll(() => rm(directory, { recursive: true }));

const file = (password: string, more = ''): string => `name: lab
hosts: { a: local }
stacks: { s: { host: a, services: { v: { image: busybox, environment: { PASSWORD: ${password} }${more} } } } }
`;
const SALT = '00ff';

/** What is decided before the first `up` of such a file. */
async function decide(text: string): Promise<{ plan: Plan; key: string }> {
  const topology = resolved(text);
  const key = await standInKey(topology, SALT);
  return { plan: decideUp(topology, freshWorld(topology), key).plan!, key };
}

async function written(text: string): Promise<string> {
  const path = join(directory, 'lab.plan');
  const { plan, key } = await decide(text);
  await writePlanFile(path, plan, key, { file: '/lab/topo.yaml', focus: { targets: ['s'] }, salt: SALT });
  return path;
}

test('a plan of before the first up is known again, holds no value, and is private even where a file was', async () => {
  await writeFile(join(directory, 'lab.plan'), '', { mode: 0o644 });
  const path = await written(file('hunter2'));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, 'utf8')).not.toContain('hunter2');
  const saved = await readPlanFile(path);
  expect(saved).toMatchObject({ file: '/lab/topo.yaml', focus: { targets: ['s'] }, topology: 'lab' });
  const { plan, key } = await decide(file('hunter2'));
  expect(movedSince(path, saved, plan, key, true)).toEqual([]);
});

test.each([
  ['another value', file('hunter3'), /environment, contents or settings of .*container s\/v on a/],
  ['another image', file('hunter2').replace('busybox', 'alpine'), /vanished: create image busybox/],
  ['another setting', file('hunter2', ', restart: always'), /settings of .*container s\/v/],
  ['another topology', file('hunter2').replace('name: lab', 'name: bal'), /is for topology lab, not for bal/],
])('%s is refused', async (_, text, said) => {
  const path = await written(file('hunter2'));
  const { plan, key } = await decide(text);
  const moved = movedSince(path, await readPlanFile(path), plan, key, true);
  expect(moved.map(d => d.summary).join('\n')).toMatch(said);
});

test('what is no plan file says why', async () => {
  const path = join(directory, 'other');
  await expect(readPlanFile(path)).rejects.toThrow('ENOENT');
  const given: readonly (readonly [string, string])[] = [
    ['{', 'is no plan that can be applied'],
    ['{}', 'it was not written by'],
    ['{"kind":"topo-plan","format":2}', 'it is of format 2'],
    ['{"kind":"topo-plan","format":1,"topology":"lab"}', 'it is damaged'],
  ];
  for (const [text, said] of given) {
    await writeFile(path, text);
    await expect(readPlanFile(path)).rejects.toThrow(said);
  }
});
