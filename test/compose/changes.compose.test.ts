import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHANGES, fileOf } from './changes.js';
import { compose } from './compose.js';
import { lab, type Lab } from './engine.js';
import { must, objectsOf, wipe } from './objects.js';

const CASE = {
  name: 'changes',
  project: 'changes',
  files: ['compose.yaml'],
  profiles: [],
  environment: {},
  before: [],
};
let here: Lab;

beforeAll(async () => {
  here = await lab();
  await wipe(here.sandbox);
  await mkdir(join(here.cwd, 'changes'));
});
afterAll(async () => {
  await here[Symbol.asyncDispose]();
});

/** Ids of the containers by service, and of the networks by name. */
async function up(when: 'from' | 'to'): Promise<ReadonlyMap<string, string>> {
  await writeFile(join(here.cwd, 'changes/compose.yaml'), JSON.stringify(fileOf(CHANGES, when)));
  const { code, stdout, stderr } = await compose(here, CASE, 'up', '-d', '-y');
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const ids = Object.entries(await objectsOf(here.sandbox, 'changes')).map(([name, { Id, Config }]) => {
    const labels = (Config as { Labels?: Readonly<Record<string, string>> } | undefined)?.Labels;
    const number = labels?.['com.docker.compose.container-number'];
    return [number === '1' ? labels!['com.docker.compose.service']! : name, String(Id)] as const;
  });
  return new Map(ids);
}

test('what docker compose makes anew after a change is what is recorded', async () => {
  await must(here.sandbox, 'docker', 'tag', 'topo/busybox', 'topo/busybox:other');
  const before = await up('from');
  const after = await up('to');
  const isSame = (key: string): string => (after.get(key) === before.get(key) ? 'same' : 'new');
  const rows = CHANGES.map(({ name, network }) => [
    name,
    isSame(name) + (network ? `, network ${isSame(`network changes_n-${name}`)}` : ''),
  ]);
  const recorded = `${JSON.stringify(Object.fromEntries(rows), undefined, 1)}\n`;
  await expect(recorded).toMatchFileSnapshot('../golden/compose/changes.json');
});
