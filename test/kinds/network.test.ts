import { describe, expect, test } from 'vitest';
import { emptyInventory, type EngineNetwork, type Found, type Inventory } from '../../src/core/index.js';
import { network, type NetworkSpec, type NetworkState } from '../../src/kinds/network.js';
import { blind, bodyOf, listedContainer, listedNetwork, networkOf, topology } from './engine-samples.js';

function create(spec: Partial<NetworkSpec> = {}): unknown {
  return bodyOf(network.steps({ verb: 'create', want: networkOf(spec) }));
}

function read(
  listed: EngineNetwork,
  spec: Partial<NetworkSpec> = {},
  over: Partial<Inventory> = {},
): readonly Found<NetworkState>[] {
  const inventory = { ...emptyInventory(), networks: [listed], ...over };
  return network.read(inventory, { topology, host: 'h', wanted: [networkOf(spec)] });
}

function stateOf(found: readonly Found<NetworkState>[]): NetworkState {
  const [first] = found;
  if (first?.is !== 'ours') throw new Error('not ours');
  return first.state;
}

function differences(listed: EngineNetwork, spec: Partial<NetworkSpec>): readonly string[] {
  const found = network.diff(networkOf(spec).spec, stateOf(read(listed, spec)));
  expect(found.every(d => d.replace)).toBe(true);
  return found.map(d => `${d.field}: ${d.have} → ${d.want}`);
}

describe('network', () => {
  test('the call that makes it', () => {
    const subnets = [{ subnet: '172.30.0.0/16', gateway: '172.30.0.1', range: '172.30.1.0/24' }];
    expect(create({ subnets, options: { x: 'y' }, labels: { tier: 'a' } })).toMatchObject({
      Name: 'front',
      CheckDuplicate: true,
      Driver: 'bridge',
      IPAM: { Config: [{ Subnet: '172.30.0.0/16', Gateway: '172.30.0.1', IPRange: '172.30.1.0/24' }] },
      Options: {
        x: 'y',
        'com.docker.network.bridge.name': 'br-front',
        'com.docker.network.driver.mtu': '1450',
      },
      Labels: { tier: 'a', 'topo.name': 'lab', 'topo.id': 'h/network/shop/front', 'topo.stack': 'shop' },
    });
  });

  test('what the engine lists wins over what was applied, and fills in what it does not list', () => {
    const subnets = [{ subnet: '172.30.0.0/16', range: '172.30.1.0/24' }];
    const listed = listedNetwork(create({ subnets }));
    expect(differences(listed, { subnets })).toEqual([]);
    expect(differences(listed, {})).toEqual(['range: 172.30.1.0/24 → (none)']);
    const wider = { ...listed, options: { ...listed.options, 'com.docker.network.driver.mtu': '9000' } };
    expect(differences(wider, { subnets })).toEqual(['mtu: 9000 → 1450']);
    expect(differences({ ...listed, driver: 'macvlan' }, { subnets })).toEqual(['driver: macvlan → bridge']);
  });

  test('addresses that only the engine chose are as wanted', () => {
    const listed = listedNetwork(create(), { gateways: ['172.30.0.1'] });
    expect(differences(listed, {})).toEqual([]);
    const chosen = { ...listedNetwork(create({ subnets: [] })), subnets: ['172.18.0.0/16'] };
    expect(differences(chosen, { subnets: [] })).toEqual([]);
    expect(differences(chosen, {})).toEqual(['subnet: 172.18.0.0/16 → 172.30.0.0/16']);
  });

  test('of a network with an IPv6 subnet only, the IPv4 that the engine adds does not count; nor does how an address is spelt', () => {
    const subnets = [{ subnet: 'fd00:30:0::/64', gateway: 'fd00:30::00fe' }];
    const listed = listedNetwork(create({ subnets, ipv6: true }));
    const added = {
      ...listed,
      ipv6: true,
      subnets: ['172.18.0.0/16', 'fd00:30::/64'],
      gateways: ['172.18.0.1', 'fd00:30::fe'],
    };
    expect(differences(added, { subnets, ipv6: true })).toEqual([]);
    const both = [...subnets, { subnet: '172.30.0.0/16' }];
    expect(differences(added, { subnets: both, ipv6: true })).toEqual([
      'subnet: 172.18.0.0/16, fd00:30::/64 → 172.30.0.0/16, fd00:30::/64',
    ]);
  });

  test('options that newer engines add are not ours to compare, those that were dropped are', () => {
    const listed = listedNetwork(create({ options: { mine: '1' } }));
    const added = { ...listed, options: { ...listed.options, 'com.docker.network.enable_ipv4': 'true' } };
    expect(differences(added, { options: { mine: '1' } })).toEqual([]);
    expect(differences(added, {})).toEqual(['options.mine: 1 → (none)']);
  });

  test('one of another driver: neither bridge nor MTU, and what is in no list is compared with what was applied', () => {
    const lan: Partial<NetworkSpec> = {
      ...{ driver: 'macvlan', options: { parent: 'eth0' }, attachable: true, ipv4: false },
      ipam: { driver: 'mine', options: { a: 'b' } },
      subnets: [{ subnet: '172.30.0.0/16', aux: { router: '172.30.0.9' } }],
    };
    expect(create(lan)).toMatchObject({
      ...{ Driver: 'macvlan', Attachable: true, EnableIPv4: false, Options: { parent: 'eth0' } },
      IPAM: {
        Driver: 'mine',
        Options: { a: 'b' },
        Config: [{ Subnet: '172.30.0.0/16', AuxiliaryAddresses: { router: '172.30.0.9' } }],
      },
    });
    const listed = listedNetwork(create(lan), { driver: 'macvlan' });
    expect(differences(listed, lan)).toEqual([]);
    const { attachable: _, ...less } = lan;
    expect(differences(listed, { ...less, ipam: { driver: 'mine' } })).toEqual([
      'more.attachable: true → (none)',
      'more.ipam.options: {"a":"b"} → (none)',
    ]);
  });

  test('an external one is looked for by name, and nothing else is asked or done', () => {
    const spec = { external: true } as const;
    const theirs = { ...listedNetwork(create()), labels: {}, driver: 'overlay', subnets: ['10.0.0.0/8'] };
    expect(differences(theirs, spec)).toEqual([]);
    const want = networkOf(spec);
    expect(network.claims!(want)).toEqual([]);
    expect(network.steps({ verb: 'create', want })).toEqual([]);
    expect(read({ ...theirs, name: 'other' }, spec)).toMatchObject([
      {
        is: 'unknown',
        why: { code: 'network.absent', summary: expect.stringContaining('front') as unknown },
      },
    ]);
    // It was ours before: no stray that would be taken away from under who uses it now.
    expect(read(listedNetwork(create()), spec)).toMatchObject([{ is: 'ours', id: want.id }]);
  });

  test('replacing disconnects our containers, by id, and nobody else', () => {
    const listed = listedNetwork(create());
    const ours = listedContainer({ Labels: { 'topo.name': 'lab', 'topo.id': 'h/container/shop/web' } });
    const have = stateOf(read(listed, {}, { containers: [ours] }));
    const change = { verb: 'replace', want: networkOf({ mtu: 1400 }), have, differences: [] } as const;
    expect(network.steps(change).map(s => s.label)).toEqual([
      'disconnect web from network front',
      'remove network front',
      'create network front',
    ]);
    const theirs = stateOf(read(listed, {}, { containers: [listedContainer({ Labels: {} })] }));
    expect(network.steps({ ...change, have: theirs }).map(s => s.label)).toEqual([
      "refuse: network front is in use by container web, which is not topo's",
      'create network front',
    ]);
  });

  test('made for another id, it is taken over by making it again', () => {
    const listed = listedNetwork(create());
    const moved = { ...listed, labels: { ...listed.labels, 'topo.id': 'h/network/old/front' } };
    expect(differences(moved, {})).toEqual(['topo.id: h/network/old/front → h/network/shop/front']);
  });

  test('of the same topology but with the bridge of a wanted one: not foreign, it goes first', () => {
    const stray = listedNetwork(create(), { name: 'old', id: 'n0' });
    const labels = { ...stray.labels, 'topo.id': 'h/network/shop/old' };
    expect(read({ ...stray, labels })).toMatchObject([{ is: 'ours', id: 'h/network/shop/old' }]);
  });

  test('what it has to itself: also a subnet that only the engine chose', () => {
    expect(network.claims!(networkOf())).toEqual([
      'network name front',
      'bridge br-front',
      'subnet 172.30.0.0/16',
    ]);
    const listed = listedNetwork(create({ subnets: [] }), { subnets: ['172.18.0.0/16'] });
    expect(network.holds!(stateOf(read(listed, { subnets: [] })))).toContain('subnet 172.18.0.0/16');
  });

  test('unread networks or containers make it unknown', () => {
    const scope = { topology, host: 'h', wanted: [networkOf()] };
    expect(network.read(blind('networks'), scope)).toMatchObject([{ is: 'unknown' }]);
    expect(network.read(blind('containers'), scope)).toMatchObject([{ is: 'unknown' }]);
  });
});
