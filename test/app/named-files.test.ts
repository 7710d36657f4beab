import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { load } from '../../src/app/load.js';
import { namedFiles, rootsOf } from '../../src/app/named-files.js';

let top: string;
beforeEach(async () => void (top = await realpath(await mkdtemp(join(tmpdir(), 'topo-named-')))));
afterEach(() => rm(top, { recursive: true, force: true }));

const put = async (path: string, text = 'x'): Promise<string> => {
  const file = join(top, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
  return file;
};

describe('what is read', () => {
  test('files below a root, and no others, whatever the way to them', async () => {
    const inside = await put('lab/sub/a.env', 'A=1');
    const outside = await put('keys/id');
    await put('lab-other/a');
    await symlink(join(top, 'keys'), join(top, 'lab/link'));
    await symlink(inside, join(top, 'lab/here'));
    const read = namedFiles([join(top, 'lab')]);
    expect(read(inside)).toEqual({ is: 'text', text: 'A=1' });
    expect(read(join(top, 'lab/here'))).toEqual({ is: 'text', text: 'A=1' });
    expect(read(join(top, 'lab/no/such'))).toEqual({ is: 'missing' });
    const refused = {
      is: 'refused',
      why: `it is outside of ${top}/lab`,
      hint: 'TOPO_ROOT=DIRECTORY allows what is below another directory',
    };
    for (const path of [outside, join(top, 'lab/link/id'), join(top, 'lab-other/a'), join(top, 'keys/none')])
      expect(read(path)).toEqual(refused);
  });

  test('plain files that are not huge', async () => {
    const huge = await put('huge');
    await truncate(huge, 8 * 1024 * 1024 + 1);
    const read = namedFiles([top, '/dev']);
    expect(read(huge)).toEqual({ is: 'refused', why: 'it has more than 8 MB' });
    expect(read(top)).toEqual({ is: 'refused', why: 'it is not a plain file' });
    expect(read('/dev/zero')).toEqual({ is: 'refused', why: 'it is not a plain file' });
  });
});

test('the roots: directories of the files, their Git work tree but not the home directory, and TOPO_ROOT', async () => {
  await put('tree/.git', 'gitdir: elsewhere');
  await put('.git/HEAD');
  const files = [join(top, 'tree/a/b/topo.yaml'), join(top, 'c/over.yaml')];
  const environment = { HOME: top, TOPO_ROOT: '/srv/a:/srv/b' };
  expect(rootsOf(files, environment)).toEqual([join(top, 'tree'), join(top, 'c'), '/srv/a', '/srv/b']);
});

test('several files, with a Compose file in one of them, become one topology', async () => {
  await put(
    'topo.yaml',
    'name: lab\nhosts: { a: local }\nstacks: { s: { host: a, compose: app/compose.yaml } }\n',
  );
  await put('app/compose.yaml', 'services: { web: { image: "nginx:${TAG}", env_file: web.env } }\n');
  await put('app/.env', 'TAG=1.27\n');
  await put('app/web.env', 'A=1\n');
  await put('over/more.yaml', 'stacks: { s: { services: { web: { init: true } } } }\n');
  const { resolved, diagnostics } = await load({
    file: join(top, 'topo.yaml'),
    overrides: [join(top, 'over/more.yaml')],
    environment: {},
  });
  expect(diagnostics).toEqual([]);
  const [service] = resolved!.stacks[0]!.services;
  expect(service).toMatchObject({ image: 'nginx:1.27', environment: { A: '1' }, settings: { init: true } });
});
