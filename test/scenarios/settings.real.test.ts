import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('settings');
const TOPOLOGY = `name: ${NAME}
hosts: { lab: sandbox }
stacks:
  s:
    host: lab
    services:
      all:
        image: topo/busybox
        command: [sleep, '9999']
        user: "65534:65534"
        working_dir: /tmp
        hostname: box
        domainname: lab.test
        init: true
        tty: true
        stdin_open: true
        stop_signal: SIGKILL
        stop_grace_period: 1500ms
        healthcheck: { test: 'true', interval: 1s, timeout: 2s, retries: 4, start_period: 3s }
        read_only: true
        cap_add: [NET_ADMIN]
        cap_drop: [ALL]
        security_opt: ['no-new-privileges:true']
        group_add: [8, 12]
        devices: ['/dev/null:/dev/nothing:r']
        sysctls: { net.ipv4.ip_unprivileged_port_start: 0 }
        ulimits: { nofile: { soft: 100, hard: 200 } }
        shm_size: 8m
        tmpfs: ['/scratch:size=1m', /run]
        dns: 192.0.2.53
        dns_opt: ['ndots:2']
        dns_search: lab.test
        extra_hosts: ['db:192.0.2.5', 'six=[2001:db8::5]']
        logging: { driver: json-file, options: { max-size: 1m } }
        pid: host
        ipc: private
      alone: { image: topo/busybox, command: [sleep, '9999'], network_mode: none, stop_grace_period: 0s }
      open: { image: topo/busybox, command: [sleep, '9999'], network_mode: host, stop_grace_period: 0s }
      guest: { image: topo/busybox, command: [sleep, '9999'], network_mode: 'service:alone', stop_grace_period: 0s }
`;
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace();
  await write(TOPOLOGY);
  await mustUp();
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

function write(text: string): Promise<void> {
  return writeFile(join(space.cwd, 'topo.yaml'), text);
}

async function mustUp(): Promise<void> {
  const up = await topo(['up'], space);
  expect(up, `${up.stdout}\n${up.stderr}`).toMatchObject({ code: 0 });
}

interface Inspected {
  readonly Config: Readonly<Record<string, unknown>>;
  readonly HostConfig: Readonly<Record<string, unknown>>;
}

async function inspect(service: string): Promise<Inspected> {
  const { stdout } = await inside(`${NAME}-lab`, 'docker', 'inspect', `${NAME}-s-${service}-1`);
  return (JSON.parse(stdout) as Inspected[])[0]!;
}

test('every setting is what the engine says of the container', async () => {
  const { Config, HostConfig } = await inspect('all');
  expect(Config).toMatchObject({
    User: '65534:65534',
    WorkingDir: '/tmp',
    Hostname: 'box',
    Domainname: 'lab.test',
    Tty: true,
    OpenStdin: true,
    StopSignal: 'SIGKILL',
    StopTimeout: 2,
    Healthcheck: {
      Test: ['CMD-SHELL', 'true'],
      Interval: 1e9,
      Timeout: 2e9,
      Retries: 4,
      StartPeriod: 3e9,
    },
  });
  expect(HostConfig).toMatchObject({
    Init: true,
    ReadonlyRootfs: true,
    CapAdd: ['NET_ADMIN'],
    CapDrop: ['ALL'],
    SecurityOpt: expect.arrayContaining(['no-new-privileges=true']) as unknown,
    GroupAdd: ['8', '12'],
    Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/nothing', CgroupPermissions: 'r' }],
    Sysctls: { 'net.ipv4.ip_unprivileged_port_start': '0' },
    Ulimits: [{ Name: 'nofile', Soft: 100, Hard: 200 }],
    ShmSize: 8 * 1024 ** 2,
    Tmpfs: { '/scratch': 'size=1m', '/run': '' },
    Dns: ['192.0.2.53'],
    DnsOptions: ['ndots:2'],
    DnsSearch: ['lab.test'],
    ExtraHosts: ['db:192.0.2.5', 'six:2001:db8::5'],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
    PidMode: 'host',
    IpcMode: 'private',
  });
  expect((await inspect('alone')).HostConfig).toMatchObject({ NetworkMode: 'none' });
  expect((await inspect('open')).HostConfig).toMatchObject({ NetworkMode: 'host' });
});

test('a container is in the network of another one, and made anew with it', async () => {
  await mustUp();
  const where = (service: string) =>
    topo(['exec', `s/${service}`, '--', 'readlink', '/proc/self/ns/net'], space);
  const [alone, guest] = await Promise.all([where('alone'), where('guest')]);
  expect(alone.stdout).toMatch(/^net:/);
  expect(guest.stdout).toBe(alone.stdout);

  await write(TOPOLOGY.replace('network_mode: none', 'network_mode: none, user: nobody'));
  expect(await planned(space)).toMatchObject([
    { verb: 'replace', name: 's/alone' },
    { verb: 'replace', name: 's/guest' },
  ]);
  await mustUp();
  const [next, again] = await Promise.all([where('alone'), where('guest')]);
  expect(next.stdout).toMatch(/^net:/);
  expect(again.stdout).toBe(next.stdout);
});

test('nothing is left to do, and a change of one setting is told by its name', async () => {
  expect(await planned(space)).toEqual([]);
  await write(
    TOPOLOGY.replace('network_mode: none', 'network_mode: none, user: nobody').replace('8m', '16m'),
  );
  const plan = await topo(['plan'], space);
  expect(plan.stdout).toMatch(/shm_size: 8388608 → 16777216/);
  await mustUp();
  expect((await inspect('all')).HostConfig).toMatchObject({ ShmSize: 16 * 1024 ** 2 });
  expect(await planned(space)).toEqual([]);
});
