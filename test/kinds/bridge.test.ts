import { describe, expect, test } from 'vitest';
import { deviceAlias, emptyInventory, resourceId, shortMark } from '../../src/core/index.js';
import type { Link, Resource } from '../../src/core/index.js';
import { kinds } from '../../src/kinds/index.js';
import type { BridgeSpec, EnslaveSpec } from '../../src/kinds/index.js';
import { link } from '../fakes/hosts.js';

const bridge = kinds.get('bridge')!;
const enslave = kinds.get('enslave')!;
const ID = resourceId('h1', 'bridge', 'lan');

const wanted: Resource<BridgeSpec> = {
  id: ID,
  kind: 'bridge',
  host: 'h1',
  name: 'lan',
  group: { is: 'switch', name: 'lan' },
  mark: shortMark('lab', ID),
  spec: {
    topology: 'lab',
    device: 'tlan',
    mac: '02:00:00:00:00:01',
    mtu: 1450,
    alias: deviceAlias('lab', ID),
    stp: true,
    ageing: 1000,
    groupFwdMask: 8,
    vlanFiltering: false,
    netfilter: false,
  },
};
const DATA = { stp_state: 1, ageing_time: 1000, group_fwd_mask: 8, vlan_filtering: 0 };
const LAN = link('tlan', { kind: 'bridge', mtu: 1450, alias: wanted.spec.alias, data: DATA });

function read(
  links: readonly Link[],
  resources: readonly Resource[] = [wanted],
): ReturnType<typeof bridge.read> {
  return bridge.read({ ...emptyInventory(), links }, { topology: 'lab', host: 'h1', wanted: resources });
}

function update(have: Link): { differences: readonly string[]; commands: readonly string[] } {
  const [found] = read([have]);
  if (found?.is !== 'ours') throw new Error(`found ${found?.is}`);
  const differences = bridge.diff(wanted.spec, found.state);
  const steps = bridge.steps({ verb: 'update', want: wanted, have: found.state, differences });
  return {
    differences: differences.map(d => `${d.field}: ${d.have} → ${d.want}`),
    commands: steps.map(step =>
      step.via === 'exec' ? (step.stdin ?? step.argv.join(' ')).trim() : step.label,
    ),
  };
}

describe('a bridge', () => {
  test('as wanted', () => {
    expect(update(LAN)).toEqual({ differences: [], commands: [] });
  });

  test('of a spanning tree that settles does not tell how long it ages', () => {
    const settling = (topology_change: number): Link => ({
      ...LAN,
      data: { ...DATA, ageing_time: 3000, topology_change },
    });
    expect(update(settling(1))).toEqual({ differences: [], commands: [] });
    expect(update(settling(0)).differences).toEqual(['ageing: 3000 → 1000']);
  });

  test.each<[string, Link, readonly string[], readonly string[]]>([
    ['MTU', { ...LAN, mtu: 1500 }, ['mtu: 1500 → 1450'], ['link set dev tlan mtu 1450']],
    [
      'what it is told as a bridge',
      { ...LAN, data: { ...DATA, stp_state: 0, ageing_time: 30000, group_fwd_mask: '0' } },
      ['stp: false → true', 'ageing: 30000 → 1000', 'group_fwd_mask: 0 → 8'],
      ['ip link set dev tlan type bridge stp_state 1 ageing_time 1000 group_fwd_mask 8'],
    ],
    [
      'VLANs',
      { ...LAN, data: { ...DATA, vlan_filtering: 1 } },
      ['vlan_filtering: true → false'],
      ['ip link set dev tlan type bridge vlan_filtering 0'],
    ],
    [
      'what it shows to the firewall',
      { ...LAN, data: { ...DATA, nf_call_iptables: 0, nf_call_ip6tables: 1 } },
      ['nf_call_iptables: true → false'],
      ['ip link set dev tlan type bridge nf_call_iptables 0 nf_call_ip6tables 0 nf_call_arptables 0'],
    ],
    ['state', { ...LAN, up: false }, ['state: down → up'], ['link set dev tlan up']],
  ])('%s is changed in place, and nothing else', (_, have, differences, commands) => {
    expect(update(have)).toEqual({ differences, commands });
  });

  test("somebody else's of that name is foreign; one of ours that nobody wants is a stray, the engine's are not looked at", () => {
    expect(read([{ ...LAN, alias: '' }])).toEqual([
      { is: 'foreign', id: ID, holder: 'a bridge device that topo did not make' },
    ]);
    const docker = link('docker0', { kind: 'bridge' });
    expect(read([LAN, docker], []).map(found => found.id)).toEqual([ID]);
  });
});

describe("a device of the host's own", () => {
  const PORT = resourceId('h1', 'enslave', 'eth5');
  const port: Resource<EnslaveSpec> = {
    ...wanted,
    id: PORT,
    kind: 'enslave',
    name: 'eth5',
    spec: { topology: 'lab', device: 'eth5', bridge: { id: ID, device: 'tlan' } },
  };
  const readPort = (eth5: Link, resources: readonly Resource[] = [port]): ReturnType<typeof enslave.read> =>
    enslave.read(
      { ...emptyInventory(), links: [LAN, eth5] },
      { topology: 'lab', host: 'h1', wanted: resources },
    );

  test('is a port of ours where it is one, and free where it is none', () => {
    expect(readPort(link('eth5', { master: 'tlan' }))).toMatchObject([{ is: 'ours', id: PORT }]);
    expect(readPort(link('eth5'))).toEqual([]);
  });

  test("is another's where it is a port of a bridge that is not ours", () => {
    expect(readPort(link('eth5', { master: 'br0' }))).toMatchObject([
      { is: 'foreign', holder: 'a network device that topo did not make, a port of br0 already' },
    ]);
  });

  test('is let go when nobody wants it there any more; ports of ours are no such thing', () => {
    const [stray] = readPort(link('eth5', { master: 'tlan' }), []);
    if (stray?.is !== 'ours') throw new Error('no stray');
    expect(enslave.steps({ verb: 'delete', id: stray.id, have: stray.state })).toMatchObject([
      { name: 'port-release', args: ['eth5', 'lab'] },
    ]);
    const own = link('tport', {
      kind: 'veth',
      master: 'tlan',
      alias: deviceAlias('lab', 'h1/veth/a/x:eth1'),
    });
    expect(readPort(own, [])).toEqual([]);
  });

  test('is given back as it was when its bridge is gone and nobody wants it any more', () => {
    const lost = (links: readonly Link[], resources: readonly Resource[]): ReturnType<typeof enslave.read> =>
      enslave.read(
        { ...emptyInventory(), taken: ['eth5'], links },
        { topology: 'lab', host: 'h1', wanted: resources },
      );
    expect(lost([link('eth5')], [port])).toEqual([]);
    for (const links of [[link('eth5')], [link('eth5', { master: 'br0' })], []]) {
      const [stray] = lost(links, []);
      if (stray?.is !== 'ours') throw new Error('no stray');
      expect(stray.id).toBe(PORT);
      expect(enslave.steps({ verb: 'delete', id: stray.id, have: stray.state })).toMatchObject([
        { name: 'device-release', args: ['eth5', 'lab'] },
      ]);
    }
  });
});
