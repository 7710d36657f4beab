import { describe, expect, test } from 'vitest';
import {
  emptyInventory,
  type Change,
  type EngineContainer,
  type EngineNetwork,
  type Found,
  type ResourceId,
} from '../../src/core/index.js';
import {
  container,
  type ContainerNetwork,
  type ContainerSpec,
  type ContainerState,
} from '../../src/kinds/container.js';
import { parseSettings } from '../../src/tools/index.js';
import { bodyOf, containerOf, listedContainer, listedNetwork, topology } from './engine-samples.js';

type Told = Readonly<Record<string, unknown>>;

const FRONT: ContainerNetwork = { id: 'h/network/shop/front', name: 'front', aliases: ['web'] };
const BACK: ContainerNetwork = { id: 'h/network/shop/back', name: 'back', aliases: ['web'] };
const COMPOSE = { 'com.docker.compose.service': 'web' };

function listed(name: string, owner: 'ours' | 'others' = 'ours'): EngineNetwork {
  const labels = { 'topo.name': topology, 'topo.id': `h/network/shop/${name}` };
  const Labels = owner === 'ours' ? labels : ({} as Record<string, string>);
  return listedNetwork({ Name: name, Labels, Options: {}, IPAM: { Config: [] } }, { id: `id-${name}` });
}

/** A container that is on networks as they were told of it. */
function on(told: Readonly<Record<string, Told>>, over: Partial<EngineContainer> = {}): EngineContainer {
  const want = containerOf({ config: { Image: 'nginx', Labels: COMPOSE } });
  const networks = Object.keys(told).map(name => {
    return [
      name,
      { networkId: `id-${name}`, ipv4: '172.30.0.2', ipv6: '', mac: '02:00:00:00:00:02' },
    ] as const;
  });
  return listedContainer(bodyOf(container.steps({ verb: 'create', want })), {
    networks: Object.fromEntries(networks),
    settings: parseSettings({ NetworkSettings: { Networks: told } }),
    ...over,
  });
}

interface Around {
  readonly networks?: readonly EngineNetwork[];
  readonly all?: ReadonlySet<ResourceId>;
}

function change(
  item: EngineContainer,
  networks: readonly ContainerNetwork[],
  around: Around = {},
): Change<ContainerSpec, ContainerState> & { verb: 'update' } {
  const want = containerOf({ networks, config: { Image: 'nginx', Hostname: 'box' } });
  const { networks: there = [listed('front'), listed('back')], ...more } = around;
  const inventory = { ...emptyInventory(), containers: [item], networks: there };
  const [found] = container.read(inventory, { topology, host: 'h', wanted: [want], ...more });
  const { state } = found as Found<ContainerState> & { is: 'ours' };
  return { verb: 'update', want, have: state, differences: container.diff(want.spec, state) };
}

function named(...of: Parameters<typeof change>): readonly string[] {
  return change(...of).differences.map(d => `${d.field}: ${d.have} → ${d.want}${d.replace ? ' !' : ''}`);
}

const plain = { Aliases: ['web'] };

describe('the networks of a container that is there', () => {
  test('are as wanted, with what engines add by themselves', () => {
    const told = {
      Aliases: ['web', 'c1', 'box'],
      Links: null,
      DriverOpts: { 'com.docker.network.endpoint.sysctls': 'a' },
    };
    expect(named(on({ front: told }), [FRONT])).toEqual([]);
  });

  test('one more, one less, one instead of another: connected and disconnected by its id', () => {
    const steps = (...of: Parameters<typeof change>): readonly unknown[] =>
      container.steps(change(...of)).map(s => (s.via === 'docker' ? [s.path, s.body] : s.label));
    const off = [`/networks/front/disconnect`, { Container: 'c1', Force: true }];
    const to = [`/networks/back/connect`, { Container: 'c1', EndpointConfig: { Aliases: ['web'] } }];
    expect(steps(on({ front: plain }), [FRONT, BACK])).toEqual([to]);
    expect(steps(on({ front: plain, back: plain }), [BACK])).toEqual([off]);
    expect(steps(on({ front: plain }), [BACK])).toEqual([off, to]);
  });

  test('whatever was asked for of a connection makes it anew', () => {
    const options = {
      Links: ['db:sql'],
      DriverOpts: { a: 'b' },
      GwPriority: 5,
      MacAddress: '02:00:00:00:00:AA',
    };
    const want = { ...FRONT, aliases: ['web', 'www'], linkLocal: ['169.254.1.1'], options };
    expect(named(on({ front: plain }), [want])).toEqual([
      'network front aliases: ["web"] → ["web","www"]',
      'network front links: [] → ["db:sql"]',
      'network front link_local_ips: [] → ["169.254.1.1"]',
      'network front driver_opts: {} → {"a":"b"}',
      'network front gw_priority: 0 → 5',
      'network front mac_address: 02:00:00:00:00:02 → 02:00:00:00:00:aa',
    ]);
    const is = {
      Aliases: ['www', 'web'],
      Links: ['db:sql'],
      IPAMConfig: { LinkLocalIPs: ['169.254.1.1'] },
      DriverOpts: { a: 'b' },
      GwPriority: 5,
    };
    const has = { networkId: 'id-front', ipv4: '', ipv6: '', mac: '02:00:00:00:00:aa' };
    expect(named(on({ front: is }, { networks: { front: has } }), [want])).toEqual([]);
    expect(container.steps(change(on({ front: plain }), [want])).map(s => s.label)).toEqual([
      'disconnect web from network front',
      'connect web to network front',
    ]);
  });

  test('the MAC address of one that does not run is not known', () => {
    const stopped = { networkId: 'id-front', ipv4: '', ipv6: '', mac: '' };
    const item = on({ front: plain }, { networks: { front: stopped } });
    expect(named(item, [{ ...FRONT, options: { MacAddress: '02:00:00:00:00:aa' } }])).toEqual([]);
  });

  test("of others' networks it leaves the one where it has the name that topo gives, and no other", () => {
    const networks = [listed('front'), listed('back', 'others')];
    expect(named(on({ front: plain, back: plain }), [FRONT], { networks })).toEqual([
      'network back: connected → disconnected',
    ]);
    expect(named(on({ front: plain, back: {} }), [FRONT], { networks })).toEqual([]);
  });

  test.each(['none', 'host', 'bridge', 'container:abc'])('made on %s, it can not get on one', networkMode => {
    const item = on({}, { networkMode });
    expect(named(item, [FRONT])).toEqual([`network_mode: ${networkMode} → front !`]);
    expect(named(item, [])).toEqual([]);
  });

  test('made on one that goes or is gone, it could not start again on others', () => {
    const moved = on({ back: plain });
    const all = new Set([BACK.id]);
    expect(named(moved, [BACK])).toEqual([]);
    expect(named(moved, [BACK], { all: new Set([FRONT.id, BACK.id]) })).toEqual([]);
    expect(named(moved, [BACK], { all })).toEqual(['network_mode: front, which goes → back !']);
    expect(named(moved, [BACK], { networks: [listed('back')] })).toEqual([
      'network_mode: front, which goes → back !',
    ]);
    expect(named(moved, [BACK], { networks: [listed('front', 'others'), listed('back')], all })).toEqual([]);
    expect(named(on({ front: plain }), [FRONT], { networks: [] })).toEqual([
      'network front: disconnected → connected',
    ]);
    expect(named(on({ front: plain }), [], { all })).toEqual(['network front: connected → disconnected']);
  });
});
