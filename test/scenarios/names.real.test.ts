import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

/** Three stacks on three hosts find each other by name, whatever becomes of their addresses. */

const NAME = ownName('names');
const API = `${NAME}-search-api-1`;
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace('quickstart.yaml', NAME);
  const up = await topo(['up'], space);
  expect(up, up.stderr).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

async function onLab2(...argv: readonly string[]): Promise<string> {
  const done = await inside(`${NAME}-lab2`, ...argv);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return done.stdout.trim();
}

/** What a name means inside a service, and whether it answers there. */
async function pinged(from: string, name: string): Promise<string | undefined> {
  const { code, stdout } = await topo(['exec', from, '--', 'ping', '-c', '1', '-W', '2', name], space);
  return code === 0 ? /\(([\d.]+)\)/.exec(stdout)?.[1] : undefined;
}

const named = async (): Promise<readonly string[]> =>
  (await planned(space)).map(a => `${a.verb} ${a.kind} ${a.name}: ${a.cause}`).sort();

test('one up is enough: every service answers every other, and itself, to service.stack', async () => {
  expect(await named()).toEqual([]);
  for (const from of ['shop/web', 'search/api', 'archive/store'])
    for (const name of ['web.shop', 'api.search', 'store.archive'])
      expect(await pinged(from, name), `${from} → ${name}`).toBeDefined();
});

test('a container that came back with another address: the plan says where it is wrong, up repairs it and restarts nothing', async () => {
  const before = await pinged('shop/web', 'api.search');
  await onLab2('docker', 'stop', '-t', '1', API);
  await onLab2(
    'docker',
    'run',
    '-d',
    '--name',
    'squatter',
    '--network',
    `${NAME}-search_internal`,
    'topo/busybox',
    'sleep',
    '1000',
  );
  await onLab2('docker', 'start', API);
  const started = await onLab2('docker', 'inspect', '-f', '{{.State.StartedAt}}', API);

  expect(await named()).toEqual([
    'create names search/api: drifted: it is gone, and what it follows changed',
    'update names archive/store: what it follows changed: api.search',
    'update names shop/web: what it follows changed: api.search',
  ]);
  expect(await topo(['up'], space)).toMatchObject({ code: 0 });
  expect(await named()).toEqual([]);
  const now = await pinged('shop/web', 'api.search');
  expect(now).toBeDefined();
  expect(now).not.toBe(before);
  expect(await onLab2('docker', 'inspect', '-f', '{{.State.StartedAt}}', API)).toBe(started);
  await onLab2('docker', 'rm', '-f', 'squatter');
});

test('a container that topo starts itself has its names, and is known by its new address, after the same up', async () => {
  await onLab2('docker', 'rm', '-f', API);
  expect(await named()).toEqual(['create container search/api: drifted: it is gone']);
  expect(await topo(['up'], space)).toMatchObject({ code: 0 });
  expect(await named()).toEqual([]);
  expect(await pinged('shop/web', 'api.search')).toBeDefined();
  expect(await pinged('search/api', 'store.archive')).toBeDefined();
});

test('what a hand changes in the block is named and written anew; the rest of the file stays', async () => {
  const hand = `f=$(docker inspect -f '{{.HostsPath}}' ${API}); t=$(sed 's/^[0-9.]* web.shop$/203.0.113.7 web.shop/' "$f"); printf '%s\\n' "$t" '203.0.113.8 mine' >"$f"`;
  await onLab2('sh', '-c', hand);
  expect(await named()).toEqual(['update names search/api: drifted: web.shop']);
  expect(await topo(['up'], space)).toMatchObject({ code: 0 });
  const hosts = await topo(['exec', 'search/api', '--', 'cat', '/etc/hosts'], space);
  expect(hosts.stdout).toContain('203.0.113.8 mine');
  expect(hosts.stdout).not.toContain('203.0.113.7');
});

test('a stack that is added is known to all after one up, and forgotten after the next', async () => {
  const file = join(space.cwd, 'topo.yaml');
  const text = await readFile(file, 'utf8');
  const stack = `  extra: { host: lab2, networks: { internal: { subnet: 172.25.0.0/16, fabric: overlay } }, services: { web: { <<: *web } } }\n`;
  await writeFile(file, text.replace(/^stacks:\n/m, `stacks:\n${stack}`));
  expect(await topo(['up', '--yes'], space)).toMatchObject({ code: 0 });
  expect(await pinged('shop/web', 'web.extra')).toBeDefined();
  expect(await pinged('extra/web', 'web.shop')).toBeDefined();

  await writeFile(file, text);
  expect(await topo(['up', '--yes'], space)).toMatchObject({ code: 0 });
  expect(await named()).toEqual([]);
  expect(await pinged('shop/web', 'web.extra')).toBeUndefined();
});
