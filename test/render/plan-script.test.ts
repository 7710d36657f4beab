import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { OPERATOR, type Step } from '../../src/core/index.js';
import { renderPlanScript } from '../../src/render/index.js';
import { action, planOf } from './samples.js';

const create = (env: readonly string[]): Step => ({
  via: 'docker',
  mutates: true,
  label: 'create the container',
  method: 'POST',
  path: '/containers/create?name=shop-web-1',
  body: { Image: 'nginx', Env: env, Cmd: ['sh', '-c', 'echo `date` $HOME \\'] },
});

const PLAN = planOf([
  action(1, {
    host: OPERATOR,
    group: { is: 'host', name: OPERATOR },
    steps: [{ via: 'exec', mutates: true, label: 'add a namespace', argv: ['ip', 'netns', 'add', 'a b'] }],
  }),
  action(2, { name: 'shop/web', after: [1], steps: [create(['PASSWORD=hush', 'PLAIN=1'])] }),
  action(3, { name: 'shop/db', steps: [create(['PASSWORD=other'])] }),
  action(4, {
    steps: [
      {
        via: 'exec',
        mutates: true,
        label: 'add an address',
        argv: ['ip', '-batch', '-'],
        stdin: 'address add 10.0.0.1/24 dev eth1',
        netns: { container: 'shop-web-1' },
      },
      { via: 'script', mutates: true, label: 'put the rules', name: 'rules', args: ['DOCKER-USER', "it's"] },
      {
        via: 'file',
        mutates: true,
        label: 'record it',
        path: '/var/lib/topo/x/applied.json',
        mode: 0o644,
        content: '{}\nEOF\n',
      },
      {
        via: 'file',
        mutates: true,
        label: 'write the key',
        path: '/var/lib/topo/x/key',
        mode: 0o600,
        content: 'hush',
      },
      {
        ...{
          via: 'copy',
          mutates: true,
          label: 'copy /run/secrets/a into web',
          container: 'web',
          directory: '/run',
        },
        files: [{ path: '/run/secrets/a', uid: 5, gid: 0, mode: 0o440, content: 'aHVzaA==' }],
      },
      { via: 'stream', mutates: true, label: 'make the image', name: 'busybox', args: ['topo/busybox'] },
      {
        via: 'stream',
        mutates: true,
        label: 'web is to be healthy',
        name: 'ready',
        args: ['web', 'healthy', '1500', 'optional', 'shop/web'],
      },
      {
        via: 'stream',
        mutates: true,
        label: 'run in web: init',
        name: 'hook',
        args: ['web', 'shop/web'],
        body: { Cmd: ['init'], Env: ['HOOK=hush'] },
      },
      {
        via: 'docker',
        mutates: true,
        label: 'start it',
        method: 'POST',
        path: '/containers/x/start',
        accept: [304],
      },
    ],
  }),
]);

const SCRIPT = renderPlanScript(PLAN, { scripts: { rules: 'echo "$1" "$2"' } });

test('the script of every sort of step', async () => {
  await expect(SCRIPT).toMatchFileSnapshot('expected/plan.sh');
});

test('a shell reads it without complaint', () => {
  execFileSync('sh', ['-n'], { input: SCRIPT });
});

test('no environment value and no private file is in it', () => {
  expect(SCRIPT).not.toMatch(/hush|aHVzaA/);
  expect(SCRIPT).toContain(': "${PLAIN:?}"');
  expect(SCRIPT).toContain('shop_web_PASSWORD');
});

test('values come out as JSON strings, and the rest of a body is not expanded', () => {
  const stub = 'engine() { cat; }\n';
  const text = SCRIPT.replace('case "${1:-}" in', `${stub}case "\${1:-}" in`).replace(
    /\n# #4[^]*?\n;;/,
    '\n;;',
  );
  const env = {
    PATH: process.env['PATH'],
    PLAIN: 'a "quoted" \\ line\nand more',
    shop_web_PASSWORD: '1',
    shop_db_PASSWORD: '2',
    HOOK: '3',
  };
  const out = execFileSync('sh', ['-s', 'tera'], { input: text, env }).toString();
  const first = JSON.parse(out.slice(0, out.indexOf('\n}') + 2)) as { Env: string[]; Cmd: string[] };
  expect(first.Env).toEqual(['PASSWORD=1', `PLAIN=${env.PLAIN}`]);
  expect(first.Cmd[2]).toBe('echo `date` $HOME \\');
});

test('an unset value is asked for by name', () => {
  expect(() =>
    execFileSync('sh', ['-s', 'tera'], { input: SCRIPT, env: { PATH: process.env['PATH'] }, stdio: 'pipe' }),
  ).toThrow(/PLAIN|PASSWORD|HOOK/);
});
