import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('adopt');
const LAB = `${NAME}-lab`;
const SEED = `name: ${NAME}
hosts: { lab: sandbox }
x-run: &run { image: topo/busybox, command: [sleep, '9999'], stop_grace_period: 0s }
stacks:
  seed: { host: lab, services: { idle: { <<: *run, network_mode: none } } }
`;
const SHOP = `  shop:
    host: lab
    project: shop
    volumes: { data: {} }
    services:
      web: { <<: *run, environment: { PASSWORD: secret }, restart: always, volumes: ['data:/data'], networks: [default] }
      db: { <<: *run, environment: { LEVEL: info }, networks: [default] }
links: [[{ at: shop/web, ip: 10.7.0.1/30 }, { at: shop/db, ip: 10.7.0.2/30 }]]
`;
/** What docker compose would do for it, as far as it shows. */
const LABELS = ['web', 'db'].map(service => [
  ...['--label', 'com.docker.compose.project=shop', '--label', `com.docker.compose.service=${service}`],
  ...['--label', 'com.docker.compose.container-number=1', '--label', 'com.docker.compose.oneoff=False'],
]);
const ON = ['--network', 'shop_default', '--stop-timeout', '0'];
const OF_SHOP = ['--label', 'com.docker.compose.project=shop'];
const MADE = [
  ['network', 'create', ...OF_SHOP, '--label', 'com.docker.compose.network=default', 'shop_default'],
  ['volume', 'create', ...OF_SHOP, '--label', 'com.docker.compose.volume=data', 'shop_data'],
  [
    ...['run', '-d', '--name', 'shop-web-1', '--network-alias', 'web', '--network-alias', 'shop-web-1'],
    ...['-e', 'PASSWORD=secret', '--restart', 'always', '-v', 'shop_data:/data'],
    ...[...ON, ...LABELS[0]!, 'topo/busybox', 'sleep', '9999'],
  ],
  [
    ...['run', '-d', '--name', 'shop-db-1', '--network-alias', 'db', '-e', 'LEVEL=info'],
    ...[...ON, ...LABELS[1]!, 'topo/busybox', 'sleep', '9999'],
  ],
];
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace();
  await write(SEED);
  const { code, stderr } = await topo(['up', '--yes'], space);
  expect(code, stderr).toBe(0);
  for (const argv of MADE) await docker(...argv);
  await write(SEED + SHOP);
});
afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

function write(text: string): Promise<void> {
  return writeFile(join(space.cwd, 'topo.yaml'), text);
}

async function docker(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inside(LAB, 'docker', ...argv);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

/** Id and start of a container. */
function startOf(name: string): Promise<string> {
  return docker('inspect', '-f', '{{.Id}} {{.State.StartedAt}}', name);
}

async function planNow(): Promise<readonly string[]> {
  return (await planned(space)).map(a => `${a.verb} ${a.kind} ${a.name}: ${a.cause}`);
}

test("what docker compose made becomes a topology's without a stop, and is looked after like its own", async () => {
  const refused = await topo(['plan'], space);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('--adopt takes it over as it is');

  const before = await Promise.all([startOf('shop-web-1'), startOf('shop-db-1')]);
  const adopted = await applied(space, '--adopt');
  const kinds = ['container', 'network', 'volume'];
  expect(adopted.planned.filter(a => kinds.includes(a.kind)).map(a => `${a.verb} ${a.cause}`)).toEqual(
    Array(4).fill('adopt adopted as it is'),
  );
  expect(adopted.remaining).toEqual([]);
  expect(await Promise.all([startOf('shop-web-1'), startOf('shop-db-1')])).toEqual(before);
  expect(await docker('exec', 'shop-web-1', 'ping', '-c1', '-W2', '10.7.0.2')).toContain(' 0% packet loss');
  expect((await topo(['ps'], space)).stdout).toMatch(/shop\/web .* Up /);

  await docker('update', '--restart', 'no', 'shop-web-1');
  expect(await planNow()).toEqual(['update container shop/web: drifted: restart']);
  await applied(space);

  await write(`${SEED}${SHOP.replace('LEVEL: info', 'LEVEL: debug')}`);
  expect(await planNow()).toContain('replace container shop/db: the file changed: environment.LEVEL');
  expect((await applied(space)).remaining).toEqual([]);
  expect(await startOf('shop-web-1')).toBe(before[0]);

  const down = await topo(['down'], space);
  expect(down.code, down.stderr).toBe(0);
  expect(await docker('ps', '-aq')).toBe('');
  expect(await docker('network', 'ls', '-q', '--filter', 'type=custom')).toBe('');
  expect(await docker('volume', 'ls', '-q')).toBe('shop_data');
  const records = await inside(LAB, 'ls', `/var/lib/topo/${NAME}/adopted`);
  expect(records.stdout).toBe('volume-shop_data\n');
});
