import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const BIN = join(ROOT, 'bin/run.js');
const directory = mkdtempSync(join(tmpdir(), 'topo-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

beforeAll(() => {
  if (!existsSync(join(ROOT, 'oclif.manifest.json')))
    throw new Error('these tests run the built program: npm run build');
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a user does; without a terminal, in an empty directory. */
function topo(argv: readonly string[], nodeOptions: readonly string[] = []): Ran {
  const env = { PATH: process.env['PATH'], HOME: directory, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, BIN, ...argv], {
    cwd: directory,
    env,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return name;
}

const VALID =
  'name: lab\nhosts: { here: local }\nstacks: { a: { host: here, services: { b: { image: busybox } } } }\n';

describe('exit codes', () => {
  test('a wrong flag is 1', () => {
    const ran = topo(['plan', '--nope']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe(
      'error: topo plan has no flag --nope\nhelp: topo plan --help tells what it takes\n',
    );
  });

  test.each([
    [['plan', '--jsn'], 'topo plan has no flag --jsn', 'did you mean --json?'],
    [['up', 'a', 'b'], 'unexpected argument: b', 'topo up --help tells what it takes'],
    [
      ['logs', '--tail', 'x'],
      'parsing --tail Expected an integer but received: x',
      'topo logs --help tells what it takes',
    ],
    [
      ['plan', '--drift', '--adopt'],
      '--adopt=true cannot also be provided when using --drift',
      'topo plan --help tells what it takes',
    ],
  ])('a command line that can not be is told like every other error: %j', (line, error, help) => {
    expect(topo(line)).toEqual({ code: 1, stdout: '', stderr: `error: ${error}\nhelp: ${help}\n` });
  });

  test('an unknown command is 1, with the nearest one', () => {
    expect(topo(['paln'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: topo has no command `paln`\nhelp: did you mean `topo plan`?\n',
    });
  });

  test('no file is 3, and says how to name one', () => {
    const ran = topo(['plan']);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/^error: there is no topo\.yaml in /);
    expect(ran.stderr).toContain('-f FILE');
    expect(ran.stdout).toBe('');
  });

  test('an invalid file is 3, with its line', () => {
    const ran = topo(['validate', '-f', file('wrong.yaml', VALID.replace('image', 'imgae'))]);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('wrong.yaml:3:');
    expect(ran.stderr).toContain('image');
  });

  test('an invalid file is 3 for every command that needs one', () => {
    const wrong = file('wrong.yaml', 'name: 7\n');
    for (const command of ['plan', 'up', 'down', 'ps', 'check'])
      expect([command, topo([command, '-f', wrong]).code]).toEqual([command, 3]);
    expect(topo(['exec', '-f', wrong, 'a/b', 'true']).code).toBe(3);
  });

  test('a valid file is 0', () => {
    const ran = topo(['validate', '-f', file('right.yaml', VALID)]);
    expect(ran).toEqual({
      code: 0,
      stdout: 'lab is valid: 1 host, 1 stack with 1 service, 0 switches, 0 links, 0 checks\n',
      stderr: '',
    });
  });

  test('exec without a command is 1', () => {
    expect(topo(['exec', '-f', file('right.yaml', VALID), 'a/b'])).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('--json', () => {
  test('errors of the file are values', () => {
    const ran = topo(['validate', '--json', '-f', file('wrong.yaml', VALID.replace('image', 'imgae'))]);
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.stdout)).toMatchObject({ format: 1, valid: false });
  });

  test('a failure is a value on stdout as well as a sentence on stderr', () => {
    const ran = topo(['ps', '--json']);
    expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: 'file.missing', who: 'user' } });
    expect(ran.code).toBe(3);
  });
});

test('the file can be named by TOPO_FILE', () => {
  const env = { PATH: process.env['PATH'], TOPO_FILE: file('right.yaml', VALID) };
  expect(spawnSync(process.execPath, [BIN, 'validate'], { cwd: directory, env }).status).toBe(0);
});

test('schema prints a JSON Schema', () => {
  expect(JSON.parse(topo(['schema']).stdout)).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
  });
});

test('--help loads nothing that works', () => {
  // Packages are bundled: zod and yaml are known by what stands in the module, ssh2 by its path.
  const refusing = (path: string) =>
    `data:text/javascript,${encodeURIComponent(
      `import { register } from 'node:module';
     register('data:text/javascript,' + encodeURIComponent(
       'export async function load(url, c, n) { const r = await n(url, c); if (/${path}/.test(url) || /ZodObject|YAMLMap/.test(r.source)) throw new Error("loaded " + url); return r; }'));`,
    )}`;
  const loaded = (argv: readonly string[], path: string) => topo(argv, ['--import', refusing(path)]);
  for (const argv of [['--help'], ['plan', '--help'], ['--version']])
    expect(loaded(argv, 'ssh2[/]|dist[/](app|render)[/]')).toMatchObject({ code: 0, stderr: '' });
  expect(loaded(['schema'], 'dist[/]render[/]').stderr).toContain('loaded ');
  expect(loaded(['schema'], 'ssh2[/]').stderr).toMatch(/loaded .*topology/);
});
