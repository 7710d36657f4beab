import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scriptOf, type ScriptAction, type Step } from '../../src/core/index.js';

let dir: string;
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'topo-script-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const SCRIPTS = {
  greet: 'printf "%s/" "$0" "$@"; cat',
  'fail-late': 'echo so far; exit 7',
  where: 'readlink /proc/self/fd/0',
};

const exec = (argv: readonly string[], stdin?: string): Step => ({
  via: 'exec',
  mutates: true,
  label: 'x',
  argv,
  ...(stdin !== undefined && { stdin }),
});
const script = (name: string, args: readonly string[], stdin?: string): Step => ({
  via: 'script',
  mutates: true,
  label: 'x',
  name,
  args,
  ...(stdin !== undefined && { stdin }),
});
const action = (id: number, after: readonly number[], ...steps: readonly Step[]): ScriptAction => ({
  id,
  title: `act #${id}`,
  after,
  steps,
});

function textOf(...actions: readonly ScriptAction[]): string {
  return scriptOf(actions, { token: 'T0k', scripts: SCRIPTS, netns: ref => `/run/netns/${ref.container}` });
}

function run(text: string): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-s'], { input: text, cwd: dir, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

test('each step tells its exit code, and its stderr and stdout stand under its own name', () => {
  const result = run(
    textOf(
      action(1, [], exec(['echo', 'out']), exec(['sh', '-c', 'echo err >&2'])),
      action(2, [], exec(['true'])),
    ),
  );
  expect(result).toEqual({
    code: 0,
    stdout: 'T0k 1 1 0\nT0k 1 2 0\nT0k 2 1 0\n',
    stderr: 'T0k 1 1\nout\nT0k 1 2\nerr\nT0k 2 1\n',
  });
});

test('a failed step ends its action and what is below it, and nothing else', () => {
  const fails = exec(['sh', '-c', 'echo no >&2; exit 3']);
  const good = exec(['true']);
  const text = textOf(
    action(1, [], good, fails, good),
    action(2, [1], good),
    action(3, [], good),
    action(4, [3, 2], good),
    action(5, [3], good),
  );
  expect(run(text).stdout).toBe('T0k 1 1 0\nT0k 1 2 3\nT0k 3 1 0\nT0k 5 1 0\n');
});

test('a step that finds what it needs gone ends what else needs that, and what is below', () => {
  const needing = (need: string, ...argv: readonly string[]): Step => ({ ...exec(argv), needs: need });
  const text = textOf(
    action(1, [], needing('VPP', 'sh', '-c', 'exit 1')),
    action(2, [], needing('VPP', 'true'), needing('VPP', 'sh', '-c', 'exit 69')),
    action(3, [], exec(['true']), needing('VPP', 'true')),
    action(4, [3], exec(['true'])),
    action(5, [], exec(['sh', '-c', 'exit 69'])),
    action(6, [], needing('other', 'true')),
  );
  expect(run(text).stdout).toBe('T0k 1 1 1\nT0k 2 1 0\nT0k 2 2 69\nT0k 5 1 69\nT0k 6 1 0\n');
});

test('a program that is not there is a failure of its step', () => {
  const result = run(textOf(action(1, [], exec(['no-such-program'])), action(2, [], exec(['true']))));
  expect(result.stdout).toBe('T0k 1 1 127\nT0k 2 1 0\n');
  expect(result.stderr).toContain('no-such-program');
});

test('stdin goes to its step byte by byte, and the steps leave the rest of the script alone', () => {
  const stdin = "a'b\n$HOME `id` \\n %s\nT0k 1 1\n}\nno newline";
  const result = run(
    textOf(
      action(1, [], exec(['cat'], stdin), exec(['cat']), exec(['cat'], '')),
      action(2, [], exec(['true'], 'unread')),
    ),
  );
  expect(result.stdout).toBe('T0k 1 1 0\nT0k 1 2 0\nT0k 1 3 0\nT0k 2 1 0\n');
  expect(result.stderr).toBe(`T0k 1 1\n${stdin}T0k 1 2\nT0k 1 3\nT0k 2 1\n`);
});

test('a step without stdin has none, rather than what comes after the script', () => {
  const stdinOf: Step = exec(['readlink', '/proc/self/fd/0']);
  const result = run(textOf(action(1, [], stdinOf, script('where', []))));
  expect(result.stderr).toBe('T0k 1 1\n/dev/null\nT0k 1 2\n/dev/null\n');
});

test('constant scripts get their arguments and stdin, and are shipped once', () => {
  const text = textOf(
    action(1, [], script('greet', ['a b', "c'd"]), script('greet', [], 'in')),
    action(2, [], script('fail-late', [])),
  );
  const result = run(text);
  expect(result.stderr).toBe("T0k 1 1\ngreet/a b/c'd/T0k 1 2\ngreet/inT0k 2 1\nso far\n");
  expect(result.stdout).toBe('T0k 1 1 0\nT0k 1 2 0\nT0k 2 1 7\n');
  expect(text.split('printf "%s/"').length).toBe(2);
});

test('a file gets its content and mode, with the directory it is in, and leaves nothing beside it', () => {
  const path = join(dir, 'deep', "it's", 'file');
  const put = (content: string, mode: number): Step => ({
    via: 'file',
    mutates: true,
    label: 'x',
    path,
    mode,
    content,
  });
  expect(
    run(textOf(action(1, [], put('first\n', 0o644)), action(2, [], put("sec'ond\\n%s", 0o600)))).stdout,
  ).toBe('T0k 1 1 0\nT0k 2 1 0\n');
  expect(readFileSync(path, 'utf8')).toBe("sec'ond\\n%s");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'deep')).mode & 0o777).toBe(0o700);
  expect(existsSync(`${path}.topo-new`)).toBe(false);
});

test('a file that can not be written is a failure, and what was there stays', () => {
  const text = textOf(
    action(1, [], {
      via: 'file',
      mutates: true,
      label: 'x',
      path: '/proc/none/file',
      mode: 0o600,
      content: 'x',
    }),
  );
  expect(run(text).stdout).toMatch(/^T0k 1 1 [1-9]/);
});

test('a namespace that was bound late is entered by its path', () => {
  const step: Step = {
    via: 'exec',
    mutates: true,
    label: 'x',
    argv: ['ip', 'link'],
    netns: { container: 'c1' },
  };
  expect(textOf(action(1, [], step))).toContain('\nrun 1 nsenter --net=/run/netns/c1 ip link\n');
});

test('no argument and no stdin means anything to the shell', { timeout: 60_000 }, () => {
  const evil = fc.stringMatching(/^[^\0]*$/).filter(s => !s.includes('T0k'));
  const nasty = fc.constantFrom(
    "'",
    "''",
    '$(id)',
    '`id`',
    '\\',
    '\\\n',
    '-n',
    '--',
    '*',
    '~',
    '#',
    'a=b',
    ';',
    '}',
    'EOF',
    '\r',
    '!',
    ' ',
    '',
  );
  const word = fc.oneof(evil, nasty);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), word, (args, stdin) => {
      const result = run(
        textOf(action(1, [], script('greet', args, stdin), exec(['printf', '%s/', '', ...args]))),
      );
      expect(result.stdout).toBe('T0k 1 1 0\nT0k 1 2 0\n');
      const said = ['', ...args].map(arg => `${arg}/`).join('');
      expect(result.stderr).toBe(toUtf8(`T0k 1 1\ngreet${said}${stdin}T0k 1 2\n${said}`));
    }),
    { numRuns: 150 },
  );
});

/** What a lone surrogate becomes on its way through a pipe. */
function toUtf8(text: string): string {
  return Buffer.from(text).toString();
}

test('a title can not break out of its comment', () => {
  const text = scriptOf([{ ...action(1, [], exec(['true'])), title: 'x\ntouch titled' }], {
    token: 'T0k',
    scripts: {},
    netns: () => '',
  });
  run(text);
  expect(existsSync(join(dir, 'titled'))).toBe(false);
});

test('a script cut off at any byte runs nothing', { timeout: 60_000 }, () => {
  const text = textOf(action(1, [], exec(['touch', join(dir, 'ran')]), exec(['cat'], 'x\ny')));
  chmodSync(dir, 0o700);
  const results = Array.from({ length: text.length }, (_, n) => run(text.slice(0, n)));
  expect(results.filter(({ stdout }) => stdout !== '')).toEqual([]);
  expect(results.filter(({ stderr }) => stderr.includes('not found'))).toEqual([]);
  expect(existsSync(join(dir, 'ran'))).toBe(false);
  expect(run(text).stdout).toBe('T0k 1 1 0\nT0k 1 2 0\n');
  expect(existsSync(join(dir, 'ran'))).toBe(true);
});

test('what is no step of a shell is refused', () => {
  expect(() =>
    textOf(action(1, [], { via: 'docker', mutates: true, label: 'start x', method: 'POST', path: '/x' })),
  ).toThrow('start x');
  expect(() => textOf(action(1, [], script('unheard-of', [])))).toThrow('unheard-of');
});
