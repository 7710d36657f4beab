import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

/** Containers' lives: several of a service, what they wait for, what runs once. */
const NAME = ownName('life');
const SERVICES = `
      web:
        image: topo/busybox
        command: [sleep, '9999']
        init: true
        scale: 2
        ports: ['18000-18009:80']
        oom_score_adj: 5
        depends_on:
          db: { condition: service_healthy, restart: true }
          migrate: { condition: service_completed_successfully }
      db:
        image: topo/busybox
        command: [sh, -c, 'sleep 1; touch /ok; exec sleep 9999']
        init: true
        healthcheck: { test: test -e /ok, interval: 500ms, retries: 20 }
      keeper:
        image: topo/busybox
        command: [sleep, '9999']
        init: true
        volumes: [/data, 'named:/named']
        post_start:
          - { command: "sh -c 'echo $$WHO $$(id -u) $$PWD >>/tmp/log'", user: "5", working_dir: /tmp, environment: { WHO: me } }
          - { command: [sh, -c, 'echo again >>/tmp/log'] }
      migrate:
        image: topo/busybox
        command: [sh, -c, 'echo migrated']
        depends_on: { db: { condition: service_healthy } }
`;
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace();
  await write(SERVICES);
  const up = await topo(['up'], space);
  expect(up, `${up.stdout}\n${up.stderr}`).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

function write(services: string): Promise<void> {
  const text = `name: ${NAME}\nhosts: { lab: sandbox }\nstacks:\n  s:\n    host: lab\n    volumes: { named: }\n    services:${services}`;
  return writeFile(join(space.cwd, 'topo.yaml'), text);
}

interface Inspected {
  readonly Name: string;
  readonly State: { readonly StartedAt: string; readonly FinishedAt: string };
  readonly HostConfig: Readonly<Record<string, unknown>>;
}

async function inspect(...names: readonly string[]): Promise<readonly Inspected[]> {
  const { stdout } = await inside(`${NAME}-lab`, 'docker', 'inspect', ...names.map(n => `${NAME}-s-${n}`));
  return JSON.parse(stdout) as Inspected[];
}

test('containers start once what they wait for has come, each with its own port; the next up has nothing to do', async () => {
  const [db, migrate, ...webs] = await inspect('db-1', 'migrate-1', 'web-1', 'web-2');
  const time = (text: string): number => Date.parse(text);
  expect(time(migrate!.State.StartedAt)).toBeGreaterThan(time(db!.State.StartedAt) + 1000);
  for (const web of webs) {
    expect(time(web.State.StartedAt)).toBeGreaterThanOrEqual(time(migrate!.State.FinishedAt));
    expect(web.HostConfig).toMatchObject({ OomScoreAdj: 5 });
  }
  expect(JSON.parse((await topo(['plan', '--json'], space)).stdout)).toMatchObject({ actions: [] });
  const ps = await topo(['ps'], space);
  expect(ps.stdout).toMatch(/s\/web#2 .*1800\d→80\/tcp/);
  const second = await topo(['exec', 's/web#2', '--', 'ping', '-c1', '-w5', 'web'], space);
  expect(second).toMatchObject({ code: 0 });
});

test('what is made anew takes along whom it says, and scaling touches no other', async () => {
  await write(SERVICES.replace('scale: 2', 'scale: 1').replace('retries: 20', 'retries: 21'));
  const { planned, remaining } = await applied(space);
  expect(planned.map(a => `${a.verb} ${a.name}`)).toEqual([
    'delete s/web#2',
    'replace s/db',
    'run s/db to be healthy',
    'update s/web',
  ]);
  expect(remaining).toEqual([]);
});

test('anonymous volumes are handed on to the container that takes the place, and go with it', async () => {
  const volumes = async (): Promise<number> =>
    (await inside(`${NAME}-lab`, 'docker', 'volume', 'ls', '-q')).stdout.trim().split('\n').length;
  const before = await volumes();
  await topo(['exec', '-T', 's/keeper', '--', 'sh', '-c', 'echo kept >/data/file'], space);
  await write(SERVICES.replace('volumes: [/data', 'environment: { NEW: 1 }\n        volumes: [/data'));
  const { planned, remaining } = await applied(space);
  expect(planned.map(a => `${a.verb} ${a.name}`)).toContain('replace s/keeper');
  expect(remaining).toEqual([]);
  const file = await topo(['exec', '-T', 's/keeper', '--', 'cat', '/data/file'], space);
  expect(file.stdout).toBe('kept\n');
  expect(await volumes()).toBe(before);
  const grouped = await inside(
    `${NAME}-lab`,
    ...['docker', 'ps', '-q', '--filter', `label=com.docker.compose.project=${NAME}-s`],
    ...[
      '--filter',
      'label=com.docker.compose.config-hash',
      '--filter',
      'label=com.docker.compose.oneoff=False',
    ],
  );
  expect(grouped.stdout.trim().split('\n')).toHaveLength(4);
});

test('what is run after a start is run once for each, also where somebody else started it', async () => {
  const log = async (): Promise<string> =>
    (await topo(['exec', '-T', 's/keeper', '--', 'cat', '/tmp/log'], space)).stdout;
  expect(await log()).toBe('me 5 /tmp\nagain\n');
  await inside(`${NAME}-lab`, 'docker', 'restart', `${NAME}-s-keeper-1`);
  const { planned, remaining } = await applied(space);
  expect(planned.map(a => `${a.verb} ${a.kind} ${a.name}`)).toEqual(['run post_start s/keeper']);
  expect(remaining).toEqual([]);
  expect(await log()).toBe('me 5 /tmp\nagain\nme 5 /tmp\nagain\n');
});

test('what can not come to what is waited for is told with its exit code and its last words', async () => {
  const broken = `
      once: { image: topo/busybox, command: [sh, -c, 'echo no database here; exit 3'] }
      sick: { image: topo/busybox, command: [sleep, '9999'], init: true, healthcheck: { test: 'echo not today; exit 1', interval: 500ms, retries: 1 } }
      plain: { image: topo/busybox, command: [sleep, '9999'], init: true }
      a: { image: topo/busybox, depends_on: { once: { condition: service_completed_successfully } } }
      b: { image: topo/busybox, depends_on: { sick: { condition: service_healthy } } }
      c: { image: topo/busybox, depends_on: { plain: { condition: service_healthy } } }
      hooked: { image: topo/busybox, command: [sleep, '9999'], init: true, post_start: [{ command: [sh, -c, 'echo no such table; exit 7'] }] }
      e: { image: topo/busybox, depends_on: [hooked] }
      d: { image: topo/busybox, command: [sleep, '9999'], init: true, depends_on: { once: { condition: service_completed_successfully, required: false } } }
`;
  await write(broken);
  const up = await topo(['up'], space);
  const said = `${up.stdout}\n${up.stderr}`;
  expect(up.code, said).toBe(4);
  expect(said).toContain('s/once ended with exit code 3');
  expect(said).toContain('no database here');
  expect(said).toContain('s/sick is unhealthy');
  expect(said).toContain('not today');
  expect(said).toContain('s/plain has no healthcheck');
  expect(said).toContain('post_start of s/hooked ended with exit code 7');
  expect(said).toContain('no such table');
  const ps = await topo(['ps'], space);
  expect(ps.stdout).toMatch(/s\/d .* Up/);
  expect(ps.stdout).not.toMatch(/s\/[abce] /);
});
