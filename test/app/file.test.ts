import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTopologyFiles } from '../../src/app/file.js';
import { load } from '../../src/app/load.js';
import { EXIT } from '../../src/core/index.js';

let cwd: string;
beforeEach(async () => void (cwd = await mkdtemp(join(tmpdir(), 'topo-file-'))));
afterEach(() => rm(cwd, { recursive: true, force: true }));

const put = async (...names: readonly string[]): Promise<void> =>
  void (await Promise.all(names.map(name => writeFile(join(cwd, name), 'name: lab\n'))));

test.each([
  [['topo.yaml', 'topo.yml', 'a.topo.yaml'], 'topo.yaml'],
  [['topo.yml', 'a.topo.yaml', 'b.topo.yaml'], 'topo.yml'],
  [['a.topo.yml', 'notes.yaml'], 'a.topo.yml'],
])('of %j it is %s', async (names, expected) => {
  await put(...names);
  expect(await findTopologyFiles(cwd)).toEqual({ file: join(cwd, expected), overrides: [] });
});

test('given files count, then those of TOPO_FILE, from the directory, whether it is there or not', async () => {
  await put('topo.yaml');
  const two = { file: join(cwd, 'sub/other.yaml'), overrides: ['/etc/x.yaml'] };
  expect(await findTopologyFiles(cwd, ['sub/other.yaml', '/etc/x.yaml'])).toEqual(two);
  expect(await findTopologyFiles(cwd, [], 'sub/other.yaml:/etc/x.yaml')).toEqual(two);
  expect(await findTopologyFiles(cwd, ['/etc/x.yaml'], 'other.yaml')).toMatchObject({ file: '/etc/x.yaml' });
});

test('none and several are errors that say what there is', async () => {
  const wrong = { who: 'user', exit: EXIT.invalid, hint: 'name one with -f FILE' };
  await expect(findTopologyFiles(cwd)).rejects.toMatchObject({ ...wrong, code: 'file.missing' });
  await put('compose.yaml');
  const wrap = expect.stringContaining('stacks: { app: { host: here, compose: compose.yaml } }') as string;
  await expect(findTopologyFiles(cwd)).rejects.toMatchObject({ code: 'file.missing', hint: wrap });
  await put('b.topo.yaml', 'a.topo.yaml');
  await expect(findTopologyFiles(cwd)).rejects.toMatchObject({
    ...wrong,
    code: 'file.ambiguous',
    message: `there are several topology files in ${cwd}: a.topo.yaml, b.topo.yaml`,
  });
});

test('variables come from the environment, then from the .env beside the file', async () => {
  const text = 'name: lab\nhosts: { a: "ssh://${WHO}@${WHERE}" }\n';
  await writeFile(join(cwd, 'topo.yaml'), text);
  await writeFile(join(cwd, '.env'), 'WHO=dot\nWHERE=dot.example\n');
  const { resolved } = await load({ file: join(cwd, 'topo.yaml'), environment: { WHO: 'env' } });
  expect(resolved!.hosts[0]!.form).toMatchObject({ user: 'env', address: 'dot.example' });
});

test('a file that is wrong has diagnostics and no topology; one that is not there is an error', async () => {
  await writeFile(join(cwd, 'topo.yaml'), 'name: LAB\n');
  const loaded = await load({ file: join(cwd, 'topo.yaml'), environment: {} });
  expect(loaded.resolved).toBeUndefined();
  expect(loaded.diagnostics).toMatchObject([{ code: 'name.invalid', place: { line: 1 } }]);
  await expect(load({ file: join(cwd, 'no.yaml'), environment: {} })).rejects.toMatchObject({
    code: 'file.missing',
    exit: EXIT.invalid,
  });
  await expect(load({ environment: {} })).rejects.toMatchObject({ code: 'file.missing' });
});

test('a topology knows the files that it was read from, the main one first', async () => {
  await put('topo.yaml', 'more.yaml');
  const [file, more] = [join(cwd, 'topo.yaml'), join(cwd, 'more.yaml')];
  const { resolved } = await load({ file, overrides: [more], environment: {} });
  expect(resolved?.files).toEqual([file, more]);
});
