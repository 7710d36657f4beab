import { expect, test } from 'vitest';
import { emptyInventory, type EngineContainer, type Inventory, type Resource } from '../../src/core/index.js';
import { container, type ContainerSpec } from '../../src/kinds/container.js';
import { postStart, type PostStartSpec } from '../../src/kinds/post-start.js';
import { SOCKETS, type HookBody } from '../../src/tools/index.js';
import { blind, bodyOf, containerOf, listedContainer, resource, topology } from './engine-samples.js';

const want = resource<PostStartSpec>('post_start', 'shop/web', {
  after: [],
  container: 'h/container/shop/web',
  containerName: 'web',
  called: 'shop/web',
  commands: [{ Cmd: ['sh', '-c', 'true'], Env: ['TOKEN=hush'] }],
  topology,
});

function open(over: Partial<EngineContainer>, runs: Inventory['runs'] = {}): readonly string[] {
  const body = bodyOf(container.steps({ verb: 'create', want: containerOf() }));
  const inventory = { ...emptyInventory(), containers: [listedContainer(body, over)], runs };
  const [found] = postStart.read(inventory, { topology, host: 'h', wanted: [want] });
  if (found?.is !== 'ours') throw new Error('not ours');
  return postStart.diff(want.spec, found.state).map(d => d.have);
}

test('hooks are run where the record does not say that they were, for this very start', () => {
  expect(open({})).toEqual(['not run since it was started']);
  expect(open({}, { c1: { startedAt: 'b', hooksAt: 'a' } })).toEqual(['not run since it was started']);
  expect(open({}, { c1: { startedAt: 'b', hooksAt: 'b' } })).toEqual([]);
  expect(
    open({ state: 'exited', status: 'Exited (1) 2 s ago' }, { c1: { startedAt: 'b', hooksAt: 'b' } }),
  ).toEqual(['not run since it was started']);
});

test('nothing is run in what ended with 0, and what could not be read is unknown', () => {
  expect(open({ state: 'exited', status: 'Exited (0) 2 s ago' })).toEqual([]);
  const [found] = postStart.read(blind('containers'), { topology, host: 'h', wanted: [want] });
  expect(found).toMatchObject({ is: 'unknown' });
});

test('what is run is written down at the end, for the start before it, and a new container needs it again', () => {
  const steps = postStart.steps({ verb: 'create', want });
  expect(steps.map(s => s.label)).toEqual([
    'note when shop/web was started',
    'run in shop/web: sh -c true',
    'write down that shop/web is set up',
  ]);
  const gone = new Set(['h/container/shop/web']);
  expect(postStart.without!({ open: undefined }, want, gone)).toEqual({
    open: 'not run in the new container',
  });
  expect(postStart.without!({ open: undefined }, want, new Set())).toEqual({ open: undefined });
});

const port = {
  ...({ name: 'eth1', via: 'memif', role: 'slave', socketId: 5, file: 'x.sock', tag: 'topo:lab:x' } as const),
  ...{ mac: '02:00:00:00:00:01', addresses: ['10.9.0.2/24'], routes: [], mtu: 1500, up: true },
};
const memif = { name: 'memif5/0', up: true, addresses: ['10.9.0.2/24'] };
const cnf: PostStartSpec = {
  ...want.spec,
  vpp: { tell: { version: '25.10-release', ports: [port] }, container: '', data: [] },
};

test.each([
  [undefined, []],
  [{ version: '25.10-release', interfaces: [memif] }, []],
  [{ interfaces: [] }, ['eth1 in its VPP: gone']],
  [{ version: '25.10-release', interfaces: [] }, ['eth1 in its VPP: gone']],
  [
    { version: '25.10-release', interfaces: [{ ...memif, up: false, addresses: [] }] },
    ['eth1 in its VPP: state: down', 'eth1 in its VPP: address 10.9.0.2/24: missing'],
  ],
  [{ version: '24.06-release', interfaces: [memif] }, ['version of its VPP: 24.06-release']],
])('of a VPP in a container that answers %j is named %j', (vpp, named) => {
  const differences = postStart.diff(cnf, { open: undefined, ...(vpp && { vpp }) });
  expect(differences.map(d => `${d.field}: ${d.have}`)).toEqual(named);
});

test('memory that two VPPs have up and do not share is drift, and so made anew; while the other one is down or away it is not', () => {
  const body = bodyOf(container.steps({ verb: 'create', want: containerOf() }));
  const apart = (connected: boolean, ...others: readonly (typeof memif)[]): readonly string[] => {
    const inventory: Inventory = {
      ...emptyInventory(),
      containers: [listedContainer(body)],
      runs: { c1: { startedAt: 'b', hooksAt: 'b' } },
      insideVpps: {
        c1: { version: '25.10-release', interfaces: [{ ...memif, connected }] },
        c2: { version: '25.10-release', interfaces: others },
      },
    };
    const [found] = postStart.read(inventory, { topology, host: 'h', wanted: [{ ...want, spec: cnf }] });
    if (found?.is !== 'ours') throw new Error('not ours');
    return postStart.diff(cnf, found.state).map(d => `${d.field}: ${d.have}`);
  };
  expect(apart(false, memif)).toEqual(['eth1 in its VPP: memif: not connected']);
  expect(apart(true, memif)).toEqual([]);
  expect(apart(false, { ...memif, up: false })).toEqual([]);
  expect(apart(false)).toEqual([]);
});

test('a VPP in a container that lost a port is told of that again, and nothing else is run', () => {
  const lost = { ...port, name: 'eth2', socketId: 6 };
  const tell = { ports: [port, lost] };
  const two = { ...want, spec: { ...cnf, vpp: { ...cnf.vpp!, tell } } };
  const have = { open: undefined, vpp: { version: '25.10-release', interfaces: [memif] } };
  const steps = postStart.steps({ verb: 'update', want: two, have, differences: [] });
  expect(steps.map(s => s.label)).toEqual(['configure the VPP in shop/web']);
  expect(JSON.stringify(steps)).toContain('memif6/0');
  expect(JSON.stringify(steps)).not.toContain('memif5/0');
});

test('routes go before their ports do, and all ports are told that have one to the same destination', () => {
  const routes = [{ dst: '0.0.0.0/0', via: '10.9.0.1' }];
  const second = { ...port, name: 'eth2', socketId: 6, routes };
  const third = { ...port, name: 'eth3', socketId: 7 };
  const tell = { ports: [{ ...port, routes }, second, third] };
  const want3 = { ...want, spec: { ...cnf, vpp: { ...cnf.vpp!, tell } } };
  const left = ['memif6/0', 'memif7/0'].map(name => ({ ...memif, name }));
  const have = { open: undefined, vpp: { version: '25.10-release', interfaces: left } };
  const [step] = postStart.steps({ verb: 'update', want: want3, have, differences: [] });
  if (step?.via !== 'stream') throw new Error('no hook');
  const commands = (step.body as HookBody).Cmd.slice(5);
  expect(commands[0]).toBe('?ip route del 0.0.0.0/0');
  expect(commands.filter(c => /route|delete/.test(c)).slice(1)).toEqual([
    '?delete interface memif memif5/0',
    'ip route add 0.0.0.0/0 via 10.9.0.1 memif5/0',
    '?delete interface memif memif6/0',
    'ip route add 0.0.0.0/0 via 10.9.0.1 memif6/0',
  ]);
});

test('a container that shared memory takes along what its host had for that, unless it is made anew', () => {
  const mount = { type: 'bind', source: SOCKETS, target: SOCKETS };
  const body = bodyOf(container.steps({ verb: 'create', want: containerOf() }));
  const labels = (mounts: EngineContainer['mounts'], again?: Resource<ContainerSpec>): readonly string[] => {
    const inventory = { ...emptyInventory(), containers: [listedContainer(body, { mounts })] };
    const [found] = container.read(inventory, { topology, host: 'h', wanted: [containerOf()] });
    if (found?.is !== 'ours') throw new Error('not ours');
    const change = { verb: 'delete', id: containerOf().id, have: found.state } as const;
    return container.steps({ ...change, ...(again && { again }) }).map(s => s.label);
  };
  expect(labels([mount])).toContain('remove what shop/web had for VPP');
  expect(labels([])).not.toContain('remove what shop/web had for VPP');
  expect(labels([mount], containerOf())).not.toContain('remove what shop/web had for VPP');
});
