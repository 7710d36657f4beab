import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('storage');
const LAB = `${NAME}-lab`;
const TOPOLOGY = `name: ${NAME}
hosts: { lab: sandbox }
x-run: &run { image: topo/busybox, command: [sleep, '9999'], stop_grace_period: 0s }
stacks:
  first: { host: lab, services: { idle: { <<: *run, network_mode: none } } }
`;
const STACK = `  s:
    host: lab
    configs: { app: { file: ./app.conf }, start: { file: ./run.sh }, inline: { content: "level: \${LEVEL:-debug}" } }
    secrets: { key: { file: ./key.pem }, token: { environment: TOKEN } }
    volumes:
      data: { labels: [tier=a] }
      ram: { driver: local, driver_opts: { type: tmpfs, device: tmpfs, o: size=1m } }
      theirs: { external: true, name: others }
    networks:
      front:
        driver_opts: { com.docker.network.bridge.name: tbfront, com.docker.network.driver.mtu: 1400 }
        attachable: true
        ipam: { config: [{ subnet: 10.77.0.0/24, gateway: 10.77.0.9, ip_range: 10.77.0.128/25, aux_addresses: { router: 10.77.0.129 } }] }
      lan: { driver: macvlan, driver_opts: { parent: eth0 }, ipam: { config: [{ subnet: 10.78.0.0/24 }] } }
      theirs: { external: true, name: other-net }
    services:
      db:
        <<: *run
        volumes:
          - /tmp/made/by/engine:/made
          - data:/data
          - /anonymous
          - { type: volume, source: ram, target: /ram, volume: { nocopy: true } }
          - { type: volume, source: theirs, target: /theirs, read_only: true }
          - { type: bind, source: /etc, target: /host-etc, read_only: true, bind: { create_host_path: false } }
        expose: [80, 53/udp]
        networks:
          theirs: { link_local_ips: [169.254.8.8] }
          front: { ipv4_address: 10.77.0.20, priority: 10, aliases: [base] }
      web: { <<: *run, links: ['db:database'], volumes_from: ['db:ro'], networks: [front], mac_address: 02-00-00-00-77-02 }
      files:
        <<: *run
        network_mode: none
        command: [/start]
        configs: [start, { source: app, target: /etc/app/app.conf, uid: "10", gid: 20, mode: 0640 }, { source: inline, target: /data/inline }]
        secrets: [key, token]
        volumes: ['data:/data']
      hardened: { <<: *run, network_mode: none, read_only: true, tmpfs: [/run], configs: [{ source: app, target: /etc/app/app.conf }], secrets: [token] }
      memory: { <<: *run, networks: [lan], volumes: [{ type: tmpfs, target: /m, tmpfs: { size: 2m, mode: 0o700 } }] }
`;
let space: Awaited<ReturnType<typeof workspace>> & { env?: Record<string, string> };

beforeAll(async () => {
  space = { ...(await workspace()), env: { TOKEN: 't0ken' } };
  await write(TOPOLOGY);
  await writeFile(join(space.cwd, 'app.conf'), 'one');
  await writeFile(join(space.cwd, 'key.pem'), 'pr1vate', { mode: 0o600 });
  await writeFile(join(space.cwd, 'run.sh'), '#!/bin/sh\nexec sleep 9999\n', { mode: 0o755 });
  await applied(space);
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

function write(text: string): Promise<void> {
  return writeFile(join(space.cwd, 'topo.yaml'), text);
}

async function docker(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inside(LAB, 'docker', ...words);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

async function inspect<T>(noun: string, name: string): Promise<T> {
  return (JSON.parse(await docker(noun, 'inspect', name)) as T[])[0]!;
}

function within(service: string, ...argv: readonly string[]): Promise<string> {
  return docker('exec', `${NAME}-s-${service}-1`, ...argv);
}

test('what is external and not there is told by name before anything is done, and used once it is', async () => {
  await write(TOPOLOGY + STACK);
  const refused = await topo(['plan'], space);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/there is no network other-net on lab.*external/);
  expect(refused.stderr).toMatch(/there is no volume others on lab.*external/);
  await docker('network', 'create', 'other-net');
  await docker('volume', 'create', 'others');
  expect((await applied(space)).remaining).toEqual([]);
});

interface Container {
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly Config: Readonly<Record<string, unknown>>;
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

test('volumes, mounts and networks are what the engine says of them', async () => {
  expect(await inspect('volume', `${NAME}-s_ram`)).toMatchObject({
    Options: { type: 'tmpfs', o: 'size=1m' },
  });
  expect(await inspect('volume', `${NAME}-s_data`)).toMatchObject({
    Labels: { tier: 'a', 'com.docker.compose.volume': 'data' },
  });
  expect(await inspect('network', `${NAME}-s_front`)).toMatchObject({
    Attachable: true,
    IPAM: {
      Config: [
        { Subnet: '10.77.0.0/24', Gateway: '10.77.0.9', AuxiliaryAddresses: { router: '10.77.0.129' } },
      ],
    },
    Options: { 'com.docker.network.bridge.name': 'tbfront', 'com.docker.network.driver.mtu': '1400' },
  });
  expect(await inspect('network', `${NAME}-s_lan`)).toMatchObject({
    Driver: 'macvlan',
    Options: { parent: 'eth0' },
  });
  const db = await inspect<Container>('container', `${NAME}-s-db-1`);
  expect(db.HostConfig).toMatchObject({
    Binds: ['/tmp/made/by/engine:/made:rw'],
    NetworkMode: `${NAME}-s_front`,
  });
  expect(db.Config).toMatchObject({ ExposedPorts: { '80/tcp': {}, '53/udp': {} } });
  expect(db.NetworkSettings.Networks['other-net']).toMatchObject({
    IPAMConfig: { LinkLocalIPs: ['169.254.8.8'] },
  });
  const web = await inspect<Container>('container', `${NAME}-s-web-1`);
  expect(web.NetworkSettings.Networks[`${NAME}-s_front`]).toMatchObject({
    MacAddress: '02:00:00:00:77:02',
    IPAddress: '10.77.0.128',
  });
});

test('they work: names of links, mounts of others, sizes, modes and what may be written', async () => {
  expect(await within('web', 'ping', '-c1', 'database')).toMatch(/PING database \(10\.77\.0\.20\)/);
  await within('db', 'sh', '-c', 'echo kept >/data/f; echo there >/made/f');
  expect(await within('web', 'cat', '/data/f', '/made/f')).toBe('kept\nthere\n');
  await expect(within('web', 'touch', '/data/g')).rejects.toThrow(/Read-only/);
  await expect(within('db', 'touch', '/theirs/g')).rejects.toThrow(/Read-only/);
  expect(await within('db', 'df', '-k', '/ram')).toMatch(/tmpfs\s+1024 /);
  expect(await within('memory', 'sh', '-c', 'stat -c %a /m; df -k /m')).toMatch(/^700\n[^]*\s2048 /);
});

test('configs and secrets are in their places before the start, whatever is read-only; nobody else can read them', async () => {
  const seen = await within(
    'files',
    'sh',
    '-c',
    'cd /; stat -c "%n %u:%g %a" start etc/app/app.conf data/inline run/secrets/*',
  );
  expect(seen.split('\n')).toEqual([
    ...['start 0:0 555', 'etc/app/app.conf 10:20 640', 'data/inline 0:0 444'],
    ...['run/secrets/key 0:0 444', 'run/secrets/token 0:0 444', ''],
  ]);
  expect(await within('files', 'cat', '/run/secrets/key', '/data/inline')).toBe('pr1vatelevel: debug');
  expect(await within('hardened', 'cat', '/etc/app/app.conf', '/run/secrets/token')).toBe('onet0ken');
  expect(await docker('container', 'inspect', `${NAME}-s-files-1`)).not.toMatch(/pr1vate|t0ken/);

  await writeFile(join(space.cwd, 'app.conf'), 'two');
  const plan = await topo(['plan', '--out', 'plan.json'], space);
  expect(plan.stdout).toMatch(/app\.conf\.content: \(set\) → \(changed\)/);
  const written = await readFile(join(space.cwd, 'plan.json'), 'utf8');
  const secrets = ['pr1vate', 't0ken'].flatMap(text => [text, Buffer.from(text).toString('base64')]);
  for (const text of secrets) expect(written + plan.stdout).not.toContain(text);
  const { planned: done, remaining } = await applied(space);
  expect(done).toMatchObject([
    { verb: 'replace', name: 's/files' },
    { verb: 'replace', name: 's/hardened' },
  ]);
  expect(remaining).toEqual([]);
  expect(await within('files', 'cat', '/etc/app/app.conf')).toBe('two');
});

test('what can not be changed is said, and what was made by others stays', async () => {
  await write((TOPOLOGY + STACK).replace('size=1m', 'size=2m'));
  const changed = await topo(['plan'], space);
  expect(changed.stderr).toMatch(/volume .*s_ram was made with other driver_opts \(o\)/);
  await write((TOPOLOGY + STACK).replace('source: /etc,', 'source: /not/there,'));
  const missing = await topo(['up', '--yes'], space);
  expect(missing.stdout + missing.stderr).toMatch(/bind source path does not exist: \/not\/there/);
  await write(TOPOLOGY);
  expect((await applied(space)).remaining).toEqual([]);
  expect(await docker('volume', 'ls', '-q')).toMatch(/^others$/m);
  expect(await docker('network', 'ls')).toMatch(/ other-net /);
  expect(await planned(space)).toEqual([]);
});
