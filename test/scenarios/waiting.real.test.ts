import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

const NAME = ownName('waiting');
const HOST = `${NAME}-h`;
const PICKY = `${NAME}-s-picky-1`;
let space: Awaited<ReturnType<typeof workspace>>;
let before: string;

/** The program ends for good where one of its devices is not there when it begins. */
const LOOK = 'for d in eth0 wan lan; do ip -4 addr show $$d | grep -q inet || exit 9; done';

const text = (say: string): string => `name: ${NAME}
hosts: { h: sandbox }
switches:
  lan: { kind: bridge, host: h, subnet: 10.0.0.0/24 }
  overlay: { kind: vxlan, subnet: 10.1.1.0/24 }
stacks:
  s:
    host: h
    networks: { in: { subnet: 172.30.0.0/16, fabric: overlay } }
    services:
      picky:
        image: topo/busybox
        command: [sh, -c, '${LOOK}; echo ${say} >/tmp/said; exec httpd -f -p 80 -h /tmp']
        init: true
        wait_for_interfaces: true
        interfaces: [{ switch: lan, name: lan }]
        networks: [in]
        hostname: fussy
        ports: ['8080-8081:80']
        scale: 2
        healthcheck: { test: wget -qO- localhost/said, interval: 1s }
        depends_on: [first]
      first: { image: topo/busybox, command: [sleep, infinity], init: true, networks: [in] }
      patient:
        image: topo/busybox
        command: [sleep, infinity]
        init: true
        wait_for_interfaces: true
        depends_on: { picky: { condition: service_healthy } }
links:
  # Each would be refused if that service did not wait: the one needs the link, and the other waits for the one.
  - ends: [{ at: 's/picky#1:wan', ip: 10.7.0.1/30 }, { at: s/patient, ip: 10.7.0.2/30 }]
  - ends: [{ at: 's/picky#2:wan', ip: 10.0.0.200 }, lan]
checks:
  - { from: s/patient, ping: s/picky }
  - { from: s/first, http: { to: 's/picky#2', port: 80, path: /said, status: 200 } }
`;

beforeAll(async () => {
  before = await snapshot();
  space = await workspace();
  await writeFile(join(space.cwd, 'topo.yaml'), text('one'));
  const up = await topo(['up'], space);
  expect(up, up.stderr).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

test('programs found all of their devices, and are reached by every way and name', async () => {
  expect(await planned(space)).toEqual([]);
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
  expect((await topo(['exec', 's/picky', '--', 'hostname'], space)).stdout).toBe('fussy\n');
  const { stdout: hosts } = await topo(['exec', 's/picky', '--', 'cat', '/etc/hosts'], space);
  expect(hosts).toMatch(/first\.s\n/);
  const { stdout } = await topo(['ps'], space);
  expect(stdout).toMatch(
    /s\/picky +topo\/busybox +Up.*172\.30\.0\.\d+, 10\.0\.0\.\d+, 10\.7\.0\.1 +808[01]→80\/tcp/,
  );
  expect(stdout).not.toContain('holder');
  const published = await inside(HOST, 'busybox', 'wget', '-qO-', 'http://127.0.0.1:8080/said');
  expect(published).toMatchObject({ code: 0, stdout: 'one\n' });
});

test('restarted by hand or made anew the service keeps its links, and not one ping is lost meanwhile', async () => {
  const index = async (): Promise<string> =>
    (await topo(['exec', 's/picky', '--', 'cat', '/sys/class/net/wan/ifindex'], space)).stdout;
  const same = await index();
  const { stdout: far } = await inside(
    HOST,
    'docker',
    'inspect',
    '-f',
    '{{.NetworkSettings.SandboxKey}}',
    `${NAME}-s-patient-1-holder`,
  );
  const pinging = inside(
    HOST,
    'nsenter',
    `--net=${far.trim()}`,
    'ping',
    '-q',
    '-i',
    '0.2',
    '-c',
    '40',
    '10.7.0.1',
  );
  const hand = await inside(HOST, 'docker', 'restart', '-t', '0', PICKY);
  expect(hand, hand.stderr).toMatchObject({ code: 0 });
  await writeFile(join(space.cwd, 'topo.yaml'), text('two'));
  const { planned: actions, remaining } = await applied(space);
  expect(actions.map(a => `${a.verb} ${a.kind} ${a.name}`).sort()).toEqual([
    'replace container s/picky',
    'replace container s/picky#2',
  ]);
  expect(remaining).toEqual([]);
  expect((await pinging).stdout).toContain('40 packets transmitted, 40 received, 0% packet loss');
  expect(await index()).toBe(same);
});

const meddlings: readonly (readonly [string, string, readonly string[]])[] = [
  ['the service removed', `docker rm -f ${PICKY}`, ['create container s/picky']],
  [
    'its holder stopped',
    `docker stop ${PICKY}-holder`,
    [
      'replace veth s/picky:lan',
      'replace veth s/picky:wan--s/patient:eth1',
      'update container s/picky',
      'update container s/picky',
      'update holder s/picky',
    ],
  ],
  [
    'its holder removed',
    `docker rm -f ${PICKY}-holder`,
    [
      'create container s/picky',
      'create holder s/picky',
      'delete container s/picky',
      'replace veth s/picky:lan',
      'replace veth s/picky:wan--s/patient:eth1',
    ],
  ],
];

test.each(meddlings)('%s: the plan names what went, and up repairs it', async (_, by, named) => {
  const hand = await inside(HOST, 'sh', '-ec', by);
  expect(hand, hand.stderr).toMatchObject({ code: 0 });
  const { planned: actions, remaining } = await applied(space);
  const done = actions.filter(a => a.kind !== 'wait').map(a => `${a.verb} ${a.kind} ${a.name}`);
  expect(done.sort()).toEqual(named);
  expect(remaining).toEqual([]);
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
});

test('down leaves nothing', async () => {
  const down = await topo(['down', '-v'], space);
  expect(down, down.stderr).toMatchObject({ code: 0 });
  expect(await snapshot()).toBe(before);
});
