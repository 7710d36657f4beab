import { expect, test } from 'vitest';
import { underlays } from '../../src/compile/underlay.js';
import type { HostView, ResolvedHost } from '../../src/core/index.js';
import { hostView, link, route, type HostOptions } from '../fakes/hosts.js';

function host(name: string, ...underlay: string[]): ResolvedHost {
  return { name, form: { is: 'ssh', address: name }, underlay, acceptNewHostKey: false };
}

/** The underlays of host `a`, which has these options, and of a plain peer `b` with 192.0.2.2. */
function underlayOfA(options: HostOptions, ...declared: string[]): ReturnType<typeof underlays> {
  const views = [hostView('a', 1, options), hostView('b', 2)];
  return underlays([host('a', ...declared), host('b')], byName(views));
}

function byName(views: readonly HostView[]): ReadonlyMap<string, HostView> {
  return new Map(views.map(v => [v.host, v]));
}

const two = {
  inventory: {
    links: [
      link('eth0', { addresses: ['192.0.2.1/24'] }),
      link('eth1', { mtu: 9000, addresses: ['10.0.0.1/24', 'fd00::1/64'] }),
    ],
    routes: [
      route('192.0.2.0/24', { dev: 'eth0', source: '192.0.2.1' }),
      route('10.0.0.0/24', { dev: 'eth1', source: '10.0.0.1' }),
    ],
  },
};

test('a declared address counts, with the device that bears it and its MTU', () => {
  const { byHost } = underlayOfA(two, '10.0.0.1');
  expect(byHost.get('a')).toEqual({ address: '10.0.0.1', family: 4, device: 'eth1', mtu: 9000 });
});

test('a declared interface counts with its first address', () => {
  expect(underlayOfA(two, 'eth1').byHost.get('a')?.address).toBe('10.0.0.1');
});

test('a declared IPv6 address makes an IPv6 underlay', () => {
  expect(underlayOfA(two, 'fd00::1').byHost.get('a')).toMatchObject({ address: 'fd00::1', family: 6 });
});

test('undeclared, it is the source address that the routes give towards a peer', () => {
  expect(underlayOfA(two).byHost.get('a')).toEqual({
    address: '192.0.2.1',
    family: 4,
    device: 'eth0',
    mtu: 1500,
  });
});

test('the longest prefix wins, then the lowest metric, as in the kernel', () => {
  const routes = [
    route('0.0.0.0/0', { dev: 'eth0', source: '192.0.2.1' }),
    route('192.0.2.2/32', { dev: 'eth0', source: '192.0.2.1', metric: 200 }),
    route('192.0.2.2/32', { dev: 'eth1', source: '10.0.0.1', metric: 100 }),
    route('192.0.2.2/32', { dev: 'eth0', source: '192.0.2.1', table: 'local' }),
  ];
  expect(underlayOfA({ inventory: { ...two.inventory, routes } }).byHost.get('a')?.address).toBe('10.0.0.1');
});

test("a route without a source goes out with its device's address of the same family", () => {
  const routes = [route('192.0.2.0/24', { dev: 'eth1', via: '10.0.0.254' })];
  expect(underlayOfA({ inventory: { ...two.inventory, routes } }).byHost.get('a')?.address).toBe('10.0.0.1');
});

test('a peer is where its own file entry says it is, not where topo reached it', () => {
  const peer = hostView('b', 2, { inventory: { links: [link('eth1', { addresses: ['10.0.0.2/24'] })] } });
  const { byHost } = underlays([host('a'), host('b', '10.0.0.2')], byName([hostView('a', 1, two), peer]));
  expect([...byHost.values()].map(u => u.address)).toEqual(['10.0.0.1', '10.0.0.2']);
});

test('without a route to a peer it is the address that topo came by, unless that is the loopback', () => {
  const alone = { ...two, inventory: { ...two.inventory, routes: [] } };
  expect(underlayOfA({ ...alone, facts: { reachedAt: '10.0.0.1' } }).byHost.get('a')?.address).toBe(
    '10.0.0.1',
  );
  expect(underlayOfA({ ...alone, facts: { reachedAt: '127.0.0.1' } }).byHost.get('a')?.address).toBe(
    '192.0.2.1',
  );
});

test("a container network or a device of topo's is nobody's way to a peer", () => {
  const links = [
    link('lo', { addresses: ['127.0.0.1/8'] }),
    link('docker0', { kind: 'bridge', addresses: ['172.17.0.1/16'] }),
    link('vxlan1', { alias: 'topo:lab:x', addresses: ['10.1.1.1/24'] }),
  ];
  const { byHost, diagnostics } = underlays(
    [host('a')],
    byName([hostView('a', 1, { facts: { reachedAt: '127.0.0.1' }, inventory: { links, routes: [] } })]),
  );
  expect(byHost.size).toBe(0);
  expect(diagnostics).toMatchObject([{ code: 'underlay.unknown', host: 'a', severity: 'error' }]);
});

test('an address that the host does not have is an error that names those it has', () => {
  const { byHost, diagnostics } = underlayOfA(two, '10.9.9.9');
  expect([...byHost.keys()]).toEqual(['b']);
  expect(diagnostics).toMatchObject([
    {
      code: 'underlay.absent',
      summary: 'no interface of host a has the underlay address 10.9.9.9',
      hint: 'set `underlay` of a to one of 192.0.2.1, 10.0.0.1, fd00::1, or to the name of the interface that has it',
    },
  ]);
});

test('an interface that is not there, or has no address, is an error that names it, never another way', () => {
  const say = (name: string, options: HostOptions): readonly (string | undefined)[] =>
    underlayOfA(options, name).diagnostics.map(d => `${d.code}: ${d.summary}`);
  expect(say('eth7', two)).toEqual([
    'underlay.absent: host a has no interface eth7, which is to be its underlay',
  ]);
  const links = [...two.inventory.links, link('eth2')];
  expect(say('eth2', { inventory: { ...two.inventory, links } })).toEqual([
    'underlay.absent: interface eth2 of host a, its underlay, has no address',
  ]);
});

test('a host that was not read has no underlay and no error of its own', () => {
  expect(underlays([host('a')], new Map())).toEqual({ byHost: new Map(), diagnostics: [] });
});
