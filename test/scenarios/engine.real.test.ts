import { spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('engine');
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace('quickstart.yaml', NAME);
  await mustUp();
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

test('a sandbox host that is to have another engine is made again with all that was on it, by one up', async () => {
  const engine = join(space.cwd, 'engine');
  const own = spawnSync('sh', ['-c', 'command -v dockerd'], { encoding: 'utf8' }).stdout.trim();
  await mkdir(engine);
  await symlink(own, join(engine, 'dockerd'));
  const before = await containerOf('lab2', 'search-api');
  await edit('lab1: sandbox', `lab1: { sandbox: { engine: ${engine} } }`);

  const actions = await planned(space);
  const sandboxes = actions.filter(a => a.kind === 'sandbox');
  expect(sandboxes).toMatchObject([{ verb: 'replace', name: `${NAME}-lab1`, host: '@operator' }]);
  expect(sandboxes[0]!.cause).toContain('engine');
  const onIt = actions.filter(a => a.host === 'lab1');
  expect(onIt.map(a => a.verb)).toEqual(onIt.map(() => 'create'));
  expect(onIt.map(a => `${a.kind} ${a.name}`)).toContain('container shop/web');
  expect(actions.filter(a => ['lab2', 'lab3'].includes(a.host))).toEqual([]);

  await mustUp();
  expect(await planned(space)).toEqual([]);
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
  const path = await inside(`${NAME}-lab1`, 'cat', '/run/sandbox/path');
  expect(path.stdout.split(':')[0]).toBe(engine);
  expect(await containerOf('lab2', 'search-api')).toBe(before);
});

async function containerOf(lab: string, service: string): Promise<string> {
  const { stdout } = await inside(`${NAME}-${lab}`, 'docker', 'ps', '-q', '-f', `name=${NAME}-${service}`);
  return stdout.trim();
}

async function edit(from: string, to: string): Promise<void> {
  const file = join(space.cwd, 'topo.yaml');
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

async function mustUp(): Promise<void> {
  const up = await topo(['up', '--yes'], space);
  expect(up, `${up.stdout}\n${up.stderr}`).toMatchObject({ code: 0 });
}
