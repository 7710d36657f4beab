import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside, planned, topo, workspace, type PlannedAction } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';
import { emulateNetmap, type EmulatedNetmap } from '../support/vale.js';

const NAME = ownName('vale');
const HOST = `${NAME}-h`;
let space: Awaited<ReturnType<typeof workspace>>;
let before: string;
let netmap: EmulatedNetmap;

const service = (interfaces: string): string =>
  `{ image: topo/busybox, command: [sleep, infinity], init: true, stop_grace_period: 0s, ${interfaces} }`;

const text = ({ mtu = 1500, second = true } = {}): string => `name: ${NAME}
hosts: { h: sandbox }
switches:
  v0: { kind: vale, host: h, subnet: 10.50.0.0/24, mtu: ${mtu} }
  lan: { kind: bridge, host: h }
  ${second ? 'v-1: { kind: vale, host: h, host_stack: true }' : ''}
stacks:
  s:
    host: h
    services:
      a: ${service('interfaces: [{ switch: v0 }]')}
      b: ${service('interfaces: [{ switch: v0 }]')}
      w: ${service(`wait_for_interfaces: true, interfaces: [{ switch: v0 }]`)}
${second ? 'links: [[v-1, lan]]' : ''}
`;

const write = (content: string): Promise<void> => writeFile(join(space.cwd, 'topo.yaml'), content);
const FOREIGN = ['valeother:foreign0', 'valev0:foreign1'];
const own = async (): Promise<readonly string[]> => (await netmap.ports()).filter(p => !FOREIGN.includes(p));
const kindsOf = (actions: readonly { kind: string }[]): readonly string[] =>
  [...new Set(actions.map(a => a.kind))].sort();

/** What was planned; nothing of it is left to do. No link is proven: an emulator passes no frames. */
async function up(): Promise<readonly PlannedAction[]> {
  const actions = await planned(space);
  const { code, stderr } = await topo(['up', '--no-verify'], space);
  expect(code, stderr).toBe(0);
  expect(await planned(space)).toEqual([]);
  return actions;
}

beforeAll(async () => {
  before = await snapshot();
  space = await workspace();
  await write(text());
  const first = await topo(['up'], space);
  expect(first.code).toBe(4);
  expect(first.stderr + first.stdout).toMatch(/vale-ctl can't be called: .*not found/);
  netmap = await emulateNetmap(HOST);
  const foreign = `for n in 0 1; do ip link add foreign$n type veth peer name far$n; done
    vale-ctl -a valeother:foreign0; vale-ctl -a valev0:foreign1`;
  expect((await inside(HOST, 'sh', '-c', foreign)).stderr).toBe('');
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

test('what is attached is what the file says', async () => {
  await up();
  const ports = await own();
  expect(ports.filter(p => p.startsWith('valev0:t'))).toHaveLength(3);
  expect(ports.filter(p => p.startsWith('valev_1:t'))).toHaveLength(2);
  expect(ports.filter(p => p.endsWith('^'))).toHaveLength(1);
  await netmap.expectNoFaults();
});

test('a sender that no longer sends whole frames is told to again, and its port stays', async () => {
  const enter = `nsenter --net="$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${NAME}-s-a-1)"`;
  const set = await inside(HOST, 'sh', '-c', `${enter} ethtool -K eth1 tx on`);
  expect(set.stderr).toBe('');
  const was = await own();
  const [drift, ...more] = await up();
  expect(drift).toMatchObject({
    kind: 'vale_port',
    verb: 'update',
    name: expect.stringContaining('s/a:eth1'),
  });
  expect(more).toEqual([]);
  expect(await own()).toEqual(was);
  await netmap.expectNoFaults();
});

test('a container that was killed or restarted leaves a port behind, which goes before it is attached again', async () => {
  const was = await own();
  await inside(HOST, 'docker', 'kill', `${NAME}-s-a-1`);
  await inside(HOST, 'docker', 'restart', '-t', '0', `${NAME}-s-b-1`);
  expect(await own()).toEqual(was);
  const plan = await up();
  expect(kindsOf(plan)).toEqual(['container', 'vale_port', 'veth']);
  const detached = plan.filter(a => a.kind === 'vale_port' && a.verb === 'delete');
  expect(detached.map(a => a.cause)).toEqual(['drifted: device', 'drifted: device']);
  expect(await own()).toEqual(was);
  await netmap.expectNoFaults();
});

test('another MTU, and a switch that leaves the file, are detached before anything else is done', async () => {
  await write(text({ mtu: 1400, second: false }));
  const actions = await up();
  const first = (kind: string): number => actions.findIndex(a => a.kind === kind);
  const last = actions.findLastIndex(a => a.kind === 'vale_port' && a.verb === 'delete');
  expect(actions.filter(a => a.kind === 'vale_port' && a.verb === 'delete')).toHaveLength(4);
  expect(last).toBeLessThan(first('veth'));
  expect((await own()).map(p => p.split(':')[0])).toEqual(['valev0', 'valev0', 'valev0']);
  await netmap.expectNoFaults();
});

test('nothing is left, and what others attached is as it was', async () => {
  await inside(HOST, 'docker', 'kill', `${NAME}-s-a-1`);
  await write(`name: ${NAME}\nhosts: { h: sandbox }\n`);
  await up();
  expect(await netmap.ports()).toEqual(FOREIGN);
  expect((await inside(HOST, 'ls', '-A', `/run/topo/${NAME}`)).stdout).toBe('');
  await netmap.expectNoFaults();
  expect((await topo(['down', '-v'], space)).code).toBe(0);
  expect(await snapshot()).toBe(before);
});
