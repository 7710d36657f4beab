import { expect, test } from 'vitest';
import { deviceAlias, emptyInventory, shortMark } from '../../src/core/index.js';
import type {
  EngineContainer,
  Inventory,
  Link,
  Resource,
  ValePort,
  ValeRecord,
} from '../../src/core/index.js';
import { kinds } from '../../src/kinds/index.js';
import type { ValePortSpec } from '../../src/kinds/index.js';
import { link } from '../fakes/hosts.js';
import { netmap } from '../fakes/vale/inventory.js';

const kind = kinds.get('vale_port')!;
const ID = 'h1/vale_port/a/x:eth1@v0';
const ALIAS = deviceAlias('lab', 'h1/veth/a/x:eth1');

const wanted: Resource<ValePortSpec> = {
  id: ID,
  kind: 'vale_port',
  host: 'h1',
  name: 'a/x:eth1@v0',
  group: { is: 'switch', name: 'v0' },
  mark: shortMark('lab', ID),
  spec: {
    topology: 'lab',
    ctl: ['vale-ctl'],
    switch: 'valev0',
    device: { id: 'h1/veth/a/x:eth1', name: 'tx' },
    mtu: 1500,
    hostStack: false,
    driver: 'generic',
    senders: [{ device: 'eth1', container: 'lab-a-x-1' }],
    without: [],
  },
};

const SENDING: EngineContainer = {
  id: 'c1',
  name: 'lab-a-x-1',
  image: 'topo/busybox',
  imageId: 'sha256:1',
  labels: {},
  state: 'running',
  status: 'Up',
  networkMode: 'none',
  networks: {},
  ports: [],
  mounts: [],
};
const PORT: ValePort = { switch: 'valev0', device: 'tx', hostStack: false };
const RECORD: ValeRecord = { switch: 'valev0', device: 'tx', index: 7, driver: 'generic', id: ID };
const TX = link('tx', { kind: 'veth', index: 7, alias: ALIAS });

function there(
  links: readonly Link[],
  ports: readonly ValePort[],
  records: readonly ValeRecord[] = [],
): Inventory {
  return { ...emptyInventory(), links, vale: { ...netmap({}, ports), records } };
}

function found(inventory: Inventory, all: readonly Resource<ValePortSpec>[] = [wanted]): readonly unknown[] {
  return kind.read(inventory, { topology: 'lab', host: 'h1', wanted: all }).map(f => {
    if (f.is !== 'ours') return f.is === 'foreign' ? `foreign ${f.id}: ${f.holder}` : f.is;
    const own = all.find(w => w.id === f.id);
    const fields = own ? kind.diff(own.spec, f.state).map(d => `${d.field} ${d.have}`) : ['stray'];
    return [f.id, ...fields];
  });
}

test('a port is in sync while its device is the one that was attached', () => {
  expect(found(there([TX], [PORT], [RECORD]))).toEqual([[ID]]);
  // What was written down is gone: the mark of the device is enough.
  expect(found(there([TX], [PORT]))).toEqual([[ID]]);
  expect(found(there([TX], []))).toEqual([]);
  expect(found(there([TX], [], [RECORD]))).toEqual([]);
});

test('a device that is gone, or another one of its name, is not attached, whatever the list says', () => {
  const gone = [ID, 'device gone, and still in the list of its switch'];
  expect(found(there([], [PORT], [RECORD]))).toEqual([gone]);
  expect(found(there([{ ...TX, index: 9 }], [PORT], [RECORD]))).toEqual([gone]);
  const other = { ...PORT, switch: 'vale9' };
  const both = found(there([TX], [PORT, other], [RECORD, { ...RECORD, switch: 'vale9', index: 3 }]));
  expect(both).toEqual([[ID, 'attached also on vale9']]);
});

test('every difference is one that the port is detached for', () => {
  const changedBy = (spec: Partial<ValePortSpec>): readonly unknown[] => {
    const want = { ...wanted, spec: { ...wanted.spec, ...spec } };
    const [one] = kind.read(there([TX], [PORT], [RECORD]), { topology: 'lab', host: 'h1', wanted: [want] });
    if (one?.is !== 'ours') throw new Error('not found');
    return kind.diff(want.spec, one.state).map(d => [d.field, d.replace]);
  };
  expect(changedBy({ mtu: 1400 })).toEqual([['mtu', true]]);
  expect(changedBy({ switch: 'valev1' })).toEqual([['switch', true]]);
  expect(changedBy({ hostStack: true })).toEqual([['host stack', true]]);
  expect(changedBy({ driver: 'native' })).toEqual([['driver', true]]);
  expect(changedBy({ mtu: 1400, device: { name: 'tx' } })).toEqual([['tx promiscuity', undefined]]);
});

test('a sender that leaves checksums to the switch is a difference that is mended while the port stays', () => {
  const inventory: Inventory = {
    ...there([TX], [PORT], [RECORD]),
    containers: [SENDING],
    namespaces: [{ path: '/run/docker/netns/a', containers: ['c1'], links: [], routes: [] }],
  };
  const offloading = (...all: Inventory['offloading']): Inventory => ({ ...inventory, offloading: all });
  const path = '/run/docker/netns/a';
  expect(found(offloading({ device: 'eth1' }, { device: 'eth2', path }))).toEqual([[ID]]);
  const amiss = offloading({ device: 'eth1', path });
  expect(found(amiss)).toEqual([[ID, 'eth1 offloads on']]);
  const [one] = kind.read(amiss, { topology: 'lab', host: 'h1', wanted: [wanted] });
  if (one?.is !== 'ours') throw new Error('not found');
  const change = { verb: 'update', want: wanted, have: one.state, differences: [] } as const;
  expect(kind.steps(change).map(s => s.label)).toEqual(['no offloads on eth1']);
});

test("what is nobody's or another topology's is seen and never taken", () => {
  const theirs = { ...TX, alias: deviceAlias('other', 'h1/veth/x') };
  const held = `foreign ${ID}: port tx of VALE switch valev0, which topo did not attach,`;
  expect(found(there([theirs], [PORT]))).toEqual([held]);
  expect(found(there([], [PORT]))).toEqual([held]);
  expect(found(there([theirs], [PORT]), [])).toEqual([]);
});

test('strays go by the mark of their device, or by what was written down of them', () => {
  expect(found(there([TX], [PORT]), [])).toEqual([['h1/vale_port/valev0:tx', 'stray']]);
  expect(found(there([], [PORT], [RECORD]), [])).toEqual([[ID, 'stray']]);
  expect(found(there([], [], [RECORD]), [])).toEqual([['h1/vale_port/valev0:tx', 'stray']]);
});

test('a host that was not asked has no ports; one that did not tell has nobody knows which', () => {
  expect(found(emptyInventory())).toEqual([]);
  expect(found({ ...emptyInventory(), unread: { vale: '/dev/netmap: Permission denied' } })).toEqual([
    'unknown',
  ]);
});

test('what sends to it is told to send whole frames before it is attached; what is there goes before', () => {
  const [one] = kind.read(there([], [PORT], [RECORD]), { topology: 'lab', host: 'h1', wanted: [wanted] });
  if (one?.is !== 'ours') throw new Error('not found');
  const change = { verb: 'replace', want: wanted, have: one.state, differences: [] } as const;
  expect(kind.steps(change).map(s => s.label)).toEqual([
    'detach valev0:tx',
    'no offloads on eth1',
    'attach valev0:tx',
  ]);
});

test("a device of the host's own is taken after it is attached, and as it was before it is detached", () => {
  const want: Resource<ValePortSpec> = {
    ...wanted,
    spec: { ...wanted.spec, device: { name: 'ext5' }, senders: [], without: ['gro', 'lro', 'tx'] },
  };
  const port = { ...PORT, device: 'ext5' };
  const record = { ...RECORD, device: 'ext5' };
  const own = link('ext5', { index: 7, promiscuous: true });
  const seen = (have: Link, ...offloading: Inventory['offloading']): readonly unknown[] =>
    found({ ...there([have], [port], [record]), offloading }, [want]);
  expect(seen(own, { device: 'ext5', path: '/ns/a' }, { device: 'ext4' })).toEqual([[ID]]);
  const { promiscuous: _, ...quiet } = own;
  expect(seen(quiet)).toEqual([[ID, 'ext5 promiscuity off']]);
  expect(seen(own, { device: 'ext5', joins: true })).toEqual([[ID, 'ext5 joining of frames on']]);
  expect(seen(own, { device: 'ext5' })).toEqual([[ID, 'ext5 offloads on']]);
  const attached = { ...there([quiet], [port], [record]), taken: ['ext5'] };
  const [one] = kind.read(attached, { topology: 'lab', host: 'h1', wanted: [want] });
  if (one?.is !== 'ours') throw new Error('not found');
  // It is no port of a bridge that is left behind, as long as it is attached.
  expect(kinds.get('enslave')!.read(attached, { topology: 'lab', host: 'h1', wanted: [] })).toEqual([]);
  const labels = (steps: ReturnType<typeof kind.steps>): readonly unknown[] => steps.map(s => s.label);
  const change = { want, have: one.state, differences: [] };
  expect(labels(kind.steps({ verb: 'update', ...change }))).toEqual(['all frames of ext5']);
  expect(labels(kind.steps({ verb: 'replace', ...change }))).toEqual([
    'ext5 as it was',
    'detach valev0:ext5',
    'attach valev0:ext5',
    'all frames of ext5',
  ]);
});
