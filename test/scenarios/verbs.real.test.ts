import { spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const ROOT = new URL('../..', import.meta.url).pathname;
const NAME = ownName('verbs');
let space: Awaited<ReturnType<typeof workspace>>;
let file: string;

beforeAll(async () => {
  space = await workspace('quickstart.yaml', NAME);
  file = join(space.cwd, 'topo.yaml');
  const talk = `  talk:
    host: lab2
    services:
      a: { image: topo/busybox, restart: unless-stopped, command: [sh, -c, 'while :; do date +tick%s; sleep 1; done'] }
`;
  await edit(/^ {2}search:$/m, `${talk}  search:`);
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

async function edit(what: string | RegExp, by: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replace(what, by));
}

test('a plan file of before the first up is applied exactly, elsewhere too; once it is stale it is refused', async () => {
  const out = join(space.cwd, 'lab.plan');
  const plan = await topo(['plan', '--out', out, '--target', 'talk'], space);
  expect(plan, plan.stderr).toMatchObject({ code: 0 });
  expect((await stat(out)).mode & 0o777).toBe(0o600);

  await edit('tick%s', 'tock%s');
  const moved = await topo(['up', out], { cwd: '/' });
  expect(moved).toMatchObject({ code: 1 });
  expect(moved.stderr).toContain('is not what would be done now; nothing was changed');
  expect(moved.stderr).toContain('container talk/a on lab2');
  await edit('tock%s', 'tick%s');

  const up = await topo(['up', out], { cwd: '/' });
  expect(up, up.stderr).toMatchObject({ code: 0 });
  expect(up.stdout).toMatch(/left out: \d+ actions on lab1, lab2, lab3/);
  expect(await topo(['ps', '--json'], space)).toMatchObject({
    stdout: expect.not.stringContaining('shop') as string,
  });
  const { stdout: given } = await topo(['ip', 'talk/a:default'], space);
  const inspected = ['docker', 'inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'];
  expect(given).toBe((await inside(`${NAME}-lab2`, ...inspected, `${NAME}-talk-a-1`)).stdout);

  const again = await topo(['up', out], space);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('vanished: create container talk/a on lab2');
});

test('what was left out is not taken for applied, and a part at a time leads to the whole', async () => {
  const shop = await topo(['up', '--target', 'shop', '--target', 'overlay', '--exclude', 'lab3'], space);
  expect(shop, shop.stderr).toMatchObject({ code: 0 });
  expect(shop.stdout).toContain('left out');
  const rest = await planned(space);
  expect(rest.filter(a => a.drift)).toEqual([]);
  expect([...new Set(rest.map(a => a.host))].sort()).toEqual(['@operator', 'lab2', 'lab3']);
  expect(await topo(['up'], space)).toMatchObject({ code: 0 });
  expect(await planned(space)).toEqual([]);

  const wrong = await topo(['plan', '--target', 'archve'], space);
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.stderr).toContain('did you mean archive?');
});

test('logs of all hosts, each line with its service; stdout and since and tail are kept to', async () => {
  const all = await topo(['logs', 'talk', 'shop/web', '--tail', '2'], space);
  expect(all, all.stderr).toMatchObject({ code: 0 });
  expect(all.stdout).toMatch(/^(talk\/a +\| tick\d+\n){2}$/);
  const asked = Date.now();
  const stamped = await topo(['logs', 'talk/a', '--since', '3s', '--timestamps'], space);
  expect(stamped.stdout).toMatch(/^(talk\/a \| \d{4}-\d\d-\d\dT\S+Z tick\d+\n)+$/);
  const [, first = ''] = /\| (\S+)Z /.exec(stamped.stdout) ?? [];
  expect(Date.parse(`${first.slice(0, 23)}Z`)).toBeGreaterThanOrEqual(asked - 3000);
});

test('followed logs go through a restart without losing or repeating a line, until Ctrl-C', async () => {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'bin/run.js'), 'logs', '-f', 'talk/a', '--tail', '0', '--timestamps'],
    { cwd: space.cwd, env: { ...process.env, NO_COLOR: '1' } },
  );
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = new Promise<number | null>(resolve => child.on('close', resolve));
  for (let i = 0; i < 200 && !said.out.includes('tick'); i++) await sleep(100);
  await inside(`${NAME}-lab2`, 'docker', 'restart', '-t', '0', `${NAME}-talk-a-1`);
  await sleep(3000);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(said.err).toBe('');
  const lines = said.out.trimEnd().split('\n');
  expect(new Set(lines).size).toBe(lines.length);
  const kept = await inside(`${NAME}-lab2`, 'docker', 'logs', '-t', `${NAME}-talk-a-1`);
  const all = kept.stdout
    .trimEnd()
    .split('\n')
    .map(line => `talk/a | ${line}`);
  expect(all.slice(all.indexOf(lines[0]!), all.indexOf(lines[0]!) + lines.length)).toEqual(lines);
});

test('drift is what a hand did; what the file changed is left out of it', async () => {
  const drift = (): ReturnType<typeof topo> => topo(['plan', '--drift', '--detailed-exitcode'], space);
  expect(await drift()).toMatchObject({ code: 0, stdout: expect.stringContaining('No drift') as string });

  await edit('NAME: search', 'NAME: finding');
  const changed = await drift();
  expect(changed).toMatchObject({ code: 0 });
  expect(changed.stdout).toContain(
    'not compared, because the file has changed since: container search/api on lab2',
  );

  await inside(`${NAME}-lab1`, 'ip', 'route', 'del', '172.31.0.0/16');
  const drifted = await drift();
  expect(drifted.code).toBe(2);
  expect(drifted.stdout).toMatch(/routes vxlan1000 +drifted: 172\.31\.0\.0\/16/);
  expect(drifted.stdout).not.toContain('-/+');
});
