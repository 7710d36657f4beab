import { expect, test } from 'vitest';
import { deviceAlias, emptyInventory, resourceId, shortMark } from '../../src/core/index.js';
import type { EngineContainer, Inventory, Link, Resource, Route } from '../../src/core/index.js';
import { kinds } from '../../src/kinds/index.js';
import type { VethSpec } from '../../src/kinds/index.js';
import { linkGroup } from '../../src/tools/index.js';

const veth = kinds.get('veth')!;
const ID = resourceId('h1', 'veth', 'a/x#2:eth1');
const ALIAS = deviceAlias('lab', ID);
const CONTAINER = resourceId('h1', 'container', 'a/x#2');

const wanted: Resource<VethSpec> = {
  id: ID,
  kind: 'veth',
  host: 'h1',
  name: 'a/x#2:eth1',
  group: { is: 'switch', name: 'lan' },
  mark: shortMark('lab', ID),
  spec: {
    topology: 'lab',
    alias: ALIAS,
    plugs: [
      {
        place: { is: 'bridge', id: 'h1/bridge/lan', device: 'tbridge' },
        device: 'tport',
        mtu: 1450,
        up: true,
        addresses: [],
        routes: [],
      },
      {
        place: { is: 'container', id: CONTAINER, container: 'lab-a-x-2' },
        device: 'eth1',
        mac: '02:00:00:00:00:01',
        mtu: 1450,
        up: true,
        addresses: ['10.0.0.2/24', 'fd00::2/64'],
        routes: [{ dst: '0.0.0.0/0', via: '10.0.0.1' }],
      },
    ],
  },
};

const link = (name: string, more: Partial<Link>): Link => ({
  name,
  index: 7,
  kind: 'veth',
  alias: ALIAS,
  mac: '02:00:00:00:00:01',
  mtu: 1450,
  up: true,
  group: 'default',
  data: {},
  addresses: [],
  ...more,
});
const PORT = link('tport', { master: 'tbridge' });
const ETH1 = link('eth1', { addresses: ['10.0.0.2/24', 'fd00:0::2/64'] });
const ROUTE: Route = {
  family: 4,
  dst: '0.0.0.0/0',
  via: '10.0.0.1',
  dev: 'eth1',
  protocol: 116,
  metric: 0,
  table: 'main',
};

interface There {
  readonly host?: readonly Link[];
  readonly inside?: readonly Link[];
  readonly routes?: readonly Route[];
  readonly state?: string;
}

function inventory({
  host = [PORT],
  inside = [ETH1],
  routes = [ROUTE],
  state = 'running',
}: There): Inventory {
  const labels = { 'topo.name': 'lab', 'topo.id': CONTAINER };
  const container = {
    id: 'c1',
    name: 'lab-a-x-2',
    labels,
    state,
    networkMode: 'none',
  } as unknown as EngineContainer;
  return {
    ...emptyInventory(),
    links: host,
    containers: [container],
    namespaces: state === 'running' ? [{ path: '/ns/c1', containers: ['c1'], links: inside, routes }] : [],
  };
}

function read(there: There, resources: readonly Resource[] = [wanted]): ReturnType<typeof veth.read> {
  return veth.read(inventory(there), { topology: 'lab', host: 'h1', wanted: resources });
}

function differences(there: There): readonly string[] {
  const [found] = read(there);
  if (found?.is !== 'ours') throw new Error(`found ${found?.is}`);
  return veth
    .diff(wanted.spec, found.state)
    .map(d => `${d.field}: ${d.have} → ${d.want}${d.replace ? ' (replace)' : ''}`);
}

test('as wanted, in whatever spelling', () => {
  expect(differences({})).toEqual([]);
});

test.each<[string, There, readonly string[]]>([
  ['MTU', { inside: [{ ...ETH1, mtu: 1500 }] }, ['eth1 mtu: 1500 → 1450']],
  [
    'MAC',
    { inside: [{ ...ETH1, mac: '02:00:00:00:00:02' }] },
    ['eth1 mac: 02:00:00:00:00:02 → 02:00:00:00:00:01'],
  ],
  ['bridge', { host: [link('tport', {})] }, ['port of tbridge bridge: none → tbridge']],
  [
    'addresses',
    { inside: [{ ...ETH1, addresses: ['10.0.0.9/24', 'fd00::2/64'] }] },
    ['eth1 address 10.0.0.2/24: missing → present', 'eth1 address 10.0.0.9/24: present → absent'],
  ],
  ['a bridge that the container made of it', { inside: [{ ...ETH1, master: 'br0' }] }, []],
  [
    'a leased address is not looked at',
    { inside: [{ ...ETH1, addresses: [...ETH1.addresses, '10.0.0.9/24'], leased: ['10.0.0.9/24'] }] },
    [],
  ],
  ['route', { routes: [] }, ['eth1 route 0.0.0.0/0 via 10.0.0.1: missing → present']],
  [
    'foreign routes are not looked at',
    { routes: [ROUTE, { ...ROUTE, dst: '10.9.0.0/16', protocol: 4 }] },
    [],
  ],
  ['state', { inside: [{ ...ETH1, up: false }] }, ['eth1 state: down → up']],
  ['one end moved away', { host: [] }, ['ends: one → two (replace)']],
])('a difference: %s', (_, there, expected) => {
  expect(differences(there)).toEqual(expected);
});

test('it is absent where its container does not run, and with the namespace that a restart took along', () => {
  expect(read({ host: [], state: 'exited' })).toEqual([]);
  expect(read({ host: [], inside: [] })).toEqual([]);
});

test('a container that runs and can not be looked into is unknown, which is not absence', () => {
  const blind = { ...inventory({}), namespaces: [] };
  const [found] = veth.read(blind, { topology: 'lab', host: 'h1', wanted: [wanted] });
  expect(found).toMatchObject({
    is: 'unknown',
    why: { summary: expect.stringContaining('lab-a-x-2') as string },
  });
});

test('a device of somebody else under that name is foreign, and said to be where it is', () => {
  expect(read({ host: [], inside: [link('eth1', { alias: '' })] })).toEqual([
    { is: 'foreign', id: ID, holder: 'a veth device that topo did not make in container lab-a-x-2' },
  ]);
});

test('a pair that a killed run left without its alias is taken up, when it is wanted, and removed when it is not', () => {
  const half = { alias: '', group: `${linkGroup('lab')}` };
  const there = { host: [{ ...PORT, ...half }], inside: [{ ...ETH1, ...half }] };
  expect(differences(there)).toEqual([`port of tbridge alias:  → ${ALIAS}`, `eth1 alias:  → ${ALIAS}`]);
  expect(read(there, []).map(found => found.id)).toEqual(['h1/veth/eth1', 'h1/veth/tport']);
});

test('one that is not wanted is one stray, whose both ends are deleted where they are, by their mark', () => {
  const [stray, ...others] = read({}, []);
  expect(others).toEqual([]);
  if (stray?.is !== 'ours') throw new Error('no stray');
  const steps = veth.steps({ verb: 'delete', id: stray.id, have: stray.state });
  expect(stray.id).toBe(ID);
  expect(steps.map(step => (step.via === 'script' ? step.args : []))).toEqual([
    ['tport', `${linkGroup('lab')}`, 'topo:lab:'],
    ['eth1', `${linkGroup('lab')}`, 'topo:lab:', { container: 'c1' }],
  ]);
});

test('it goes with a container that is made anew, and stays when only its bridge is', () => {
  const [found] = read({});
  const state = found?.is === 'ours' ? found.state : undefined;
  expect(veth.without!(state, wanted, new Set([CONTAINER]))).toBeUndefined();
  expect(veth.without!(state, wanted, new Set(['h1/bridge/lan']))).toBe(state);
});

test('a port that stands on the host alone is taken off a bridge', () => {
  const [port, other] = wanted.spec.plugs;
  const plugs = [{ ...port!, place: { is: 'host' as const } }, other!];
  const want: Resource<VethSpec> = { ...wanted, spec: { ...wanted.spec, plugs } };
  expect(veth.dependsOn(want).map(d => d.on)).toEqual([CONTAINER]);
  const [found] = read({ host: [link('tport', { master: 'br0' })] }, [want]);
  if (found?.is !== 'ours') throw new Error(`found ${found?.is}`);
  const differences = veth.diff(want.spec, found.state);
  expect(differences).toEqual([{ field: 'tport bridge', have: 'br0', want: 'none' }]);
  const steps = veth.steps({ verb: 'update', want, have: found.state, differences });
  expect(JSON.stringify(steps)).toContain('link set dev tport nomaster');
});
