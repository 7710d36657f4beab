import { describe, expect, test } from 'vitest';
import {
  deviceAlias,
  emptyInventory,
  shortMark,
  type Inventory,
  type IptablesRules,
  type Link,
  type Resource,
} from '../../src/core/index.js';
import { accept } from '../../src/kinds/accept.js';
import { fdb } from '../../src/kinds/fdb.js';
import { guard } from '../../src/kinds/guard.js';
import { kinds } from '../../src/kinds/index.js';
import { route } from '../../src/kinds/route.js';
import { sysctl } from '../../src/kinds/sysctl.js';
import { vxlan } from '../../src/kinds/vxlan.js';
import { linkGroup } from '../../src/tools/index.js';

const topology = 'lab';
const alias = deviceAlias(topology, 'h/vxlan/vxlan1000');
const link: Link = {
  name: 'vxlan1000',
  index: 5,
  kind: 'vxlan',
  alias,
  mac: '02:00:00:00:00:01',
  mtu: 1450,
  up: true,
  group: 'default',
  data: { id: 1000, port: 4789, local: '198.18.0.2', df: 'set', learning: true },
  addresses: [],
};
const spec = {
  device: 'vxlan1000',
  vni: 1000,
  port: 4789,
  local: '198.18.0.2',
  mtu: 1450,
  mac: link.mac,
  alias,
};
const device = { id: 'h/vxlan/vxlan1000', name: 'vxlan1000' };

function resource<Spec>(kind: string, name: string, of: Spec): Resource<Spec> {
  const id = `h/${kind}/${name}`;
  return {
    id,
    kind,
    host: 'h',
    name,
    group: { is: 'host', name: 'h' },
    mark: shortMark(topology, id),
    spec: of,
  };
}

function scope<Spec>(...wanted: readonly Resource<Spec>[]): {
  topology: string;
  host: string;
  wanted: readonly Resource<Spec>[];
} {
  return { topology, host: 'h', wanted };
}

function inventory(part: Partial<Inventory>): Inventory {
  return { ...emptyInventory(), ...part };
}

describe('a device', () => {
  const wanted = resource('vxlan', 'vxlan1000', spec);
  const read = (...links: readonly Link[]): ReturnType<typeof vxlan.read> =>
    vxlan.read(inventory({ links }), scope(wanted));

  test('of its name without our mark is foreign, and said what it is', () => {
    const found = read({ ...link, alias: 'mine' })[0];
    expect(found).toEqual({
      is: 'foreign',
      id: wanted.id,
      holder: 'a vxlan device (VNI 1000, UDP port 4789) that topo did not make (alias: mine)',
    });
    expect(read({ ...link, kind: 'bridge', alias: '' })[0]).toMatchObject({
      holder: 'a bridge device that topo did not make',
    });
    expect(read({ ...link, alias: deviceAlias('lab2', 'h/vxlan/x') })[0]).toMatchObject({
      holder: 'a vxlan device (VNI 1000, UDP port 4789) of topology lab2',
    });
  });

  test('that a killed run left without an alias is ours by its group', () => {
    expect(read({ ...link, alias: '', group: `${linkGroup(topology)}` })[0]).toMatchObject({
      is: 'ours',
      id: wanted.id,
    });
    expect(read({ ...link, alias: '', group: `${linkGroup('lab2')}` })[0]).toMatchObject({ is: 'foreign' });
  });

  test('of another resource of ours is a stray under the id that its alias tells, or under its name where that is cut off', () => {
    const other = { ...link, name: 'vxlan7', alias: deviceAlias(topology, 'h/vxlan/seven') };
    const long = `h/vxlan/${'x'.repeat(300)}`;
    const cut = { ...link, name: 'vxlan8', alias: deviceAlias(topology, long) };
    expect(read(other, cut).map(f => f.id)).toEqual(['h/vxlan/seven', 'h/vxlan/vxlan8']);
  });

  test('on an IPv6 underlay has no DF to be set', () => {
    const data = { id: 1000, port: 4789, local6: 'fd00::2', learning: true };
    expect(vxlan.diff({ ...spec, local: 'fd00:0::2' }, { link: { ...link, data }, topology })).toEqual([]);
  });

  test.each<[string, boolean, Partial<Link>, readonly string[]]>([
    ['as it is to be', true, {}, []],
    ['of a kernel without suppression', true, { port: { learning: true } }, []],
    [
      'whose bridge asks through it',
      true,
      { port: { learning: true, neigh_suppress: false } },
      ['link set dev vxlan1000 type bridge_slave neigh_suppress on'],
    ],
    [
      'of which one half learns',
      false,
      { data: { ...link.data, learning: false } },
      [
        'link set dev vxlan1000 type vxlan nolearning',
        'link set dev vxlan1000 type bridge_slave learning off',
      ],
    ],
    [
      'that lost its bridge',
      true,
      { master: 'other' },
      [
        'link set dev vxlan1000 master br',
        'link set dev vxlan1000 type bridge_slave neigh_suppress on',
        'link set dev vxlan1000 type vxlan learning',
        'link set dev vxlan1000 type bridge_slave learning on',
      ],
    ],
  ])('as a port of a bridge, %s', (_, learning, more, lines) => {
    const port = { master: 'br', port: { learning: true, neigh_suppress: true } };
    const want = resource('vxlan', 'vxlan1000', {
      ...spec,
      bridge: { id: 'h/bridge/br', device: 'br', learning },
    });
    const have = { link: { ...link, ...port, ...more }, topology };
    const differences = vxlan.diff(want.spec, have);
    expect(differences.every(d => !d.replace)).toBe(true);
    expect(differences.length > 0).toBe(lines.length > 0);
    if (lines.length === 0) return;
    expect(vxlan.steps({ verb: 'update', want, have, differences })).toMatchObject([
      { stdin: lines.map(line => `${line}\n`).join('') },
    ]);
  });

  test('that could not be read is unknown, not absent', () => {
    const found = vxlan.read(inventory({ unread: { links: 'ip: not found' } }), scope(wanted));
    expect(found).toMatchObject([
      { is: 'unknown', id: wanted.id, why: { summary: 'could not read links: ip: not found' } },
    ]);
  });
});

describe('entries on a device', () => {
  const wanted = resource('fdb', 'vxlan1000', {
    device,
    entries: [{ mac: '02:00:00:00:00:02', dst: '198.18.0.3' }],
  });

  test('are absent with the device, whoever has its name', () => {
    const entry = { dev: 'vxlan1000', mac: '02:00:00:00:00:02', dst: '198.18.0.3', state: 'permanent' };
    expect(fdb.read(inventory({ fdb: [entry] }), scope(wanted))).toEqual([]);
    expect(fdb.read(inventory({ fdb: [entry], links: [{ ...link, alias: '' }] }), scope(wanted))).toEqual([]);
    expect(fdb.read(inventory({ fdb: [entry], links: [link] }), scope(wanted))).toHaveLength(1);
  });

  test('go when their device goes, and only then', () => {
    const state = { device, entries: {} };
    expect(fdb.without!(state, wanted, new Set([device.id]))).toBeUndefined();
    expect(fdb.without!(state, wanted, new Set(['h/vxlan/other']))).toBe(state);
  });

  test('are in sync where none are wanted and none are there', () => {
    const none = resource('fdb', 'vxlan1000', { device, entries: [] });
    const [found] = fdb.read(inventory({ links: [link] }), scope(none));
    expect(found).toMatchObject({ is: 'ours' });
    expect(fdb.diff(none.spec, { device, entries: {} })).toEqual([]);
    expect(fdb.steps({ verb: 'create', want: none })).toEqual([]);
  });
});

describe('a route', () => {
  const wanted = resource('route', 'vxlan1000', {
    device,
    routes: [{ dst: '172.30.0.0/16', via: '10.1.1.3' }],
  });
  const there = { family: 4 as const, dst: '172.30.0.0/16', metric: 0, table: 'main', protocol: 3 };

  test('somebody else has to the same subnet must not be replaced', () => {
    const routes = [{ ...there, dev: 'eth0', via: '198.18.0.1' }];
    const holder = 'a route that topo did not make: 172.30.0.0/16 via 198.18.0.1 proto 3 dev eth0';
    expect(route.read(inventory({ routes }), scope(wanted))).toEqual([
      { is: 'foreign', id: wanted.id, holder },
    ]);
  });

  test('of ours through another device, or with another metric or table, is none of that', () => {
    const old = { ...link, name: 'vxlan7' };
    const routes = [
      { ...there, dev: 'vxlan7', protocol: 116 },
      { ...there, dev: 'eth0', metric: 100 },
      { ...there, dev: 'eth0', table: '100' },
    ];
    expect(route.read(inventory({ routes, links: [old] }), scope(wanted))).toEqual([]);
  });
});

test('rules that nobody wants any more are named as the record of their host has them, else by their mark', () => {
  const was = resource('accept', 'overlay', {});
  const lines = [`-i vxlan1000 -m comment --comment "${was.mark}" -j ACCEPT`];
  const iptables = { 4: { raw: { PREROUTING: { policy: 'ACCEPT', rules: lines } } }, 6: {} };
  const specs = { 'h/vxlan/overlay': 'digest', [was.id]: 'digest' };
  const applied = { format: 1 as const, topology, specs, hosts: {}, key: '', bootId: '' };
  const ids = (over: Partial<Inventory>): readonly string[] =>
    accept.read(inventory({ iptables, ...over }), scope()).map(f => f.id);
  expect(ids({ applied })).toEqual(['h/accept/overlay']);
  expect(ids({})).toEqual([`h/accept/${was.mark}`]);
});

describe('rules', () => {
  const rules = [{ table: 'raw' as const, chain: 'PREROUTING', match: ['-i', 'vxlan1000'] }];
  const wanted = resource('accept', 'overlay', { family: 4 as const, rules });
  const line = `-i vxlan1000 -m comment --comment "${wanted.mark}" -j ACCEPT`;
  const read = (...lines: readonly string[]): unknown => {
    const iptables = { 4: { raw: { PREROUTING: { policy: 'ACCEPT', rules: lines } } }, 6: {} };
    const [found] = accept.read(inventory({ iptables }), scope(wanted));
    return found?.is === 'ours' ? accept.diff(wanted.spec, found.state) : found;
  };

  test.each([
    '-j DROP',
    '-j RETURN',
    '-d 172.30.0.5/32 ! -i br0 -j REJECT --reject-with icmp-port-unreachable',
  ])('behind somebody else\'s "%s" are not in place', barrier => {
    const field = 'raw PREROUTING -i vxlan1000 -j ACCEPT';
    expect(read(barrier, line)).toEqual([{ field, have: `behind ${barrier}`, want: 'ahead of it' }]);
    expect(read(line, barrier)).toEqual([]);
  });

  test('of topo, whatever the topology, and rules that let pass or only count are no barrier', () => {
    expect(read('-m comment --comment "topo:other:abc" -j RETURN', '-i a -j ACCEPT', '-i a', line)).toEqual(
      [],
    );
  });

  test('are unknown where their table could not be read', () => {
    const found = accept.read(
      inventory({ iptables: { 4: undefined, 6: {} }, unread: { iptables: 'no such program' } }),
      scope(wanted),
    );
    expect(found).toMatchObject([
      { is: 'unknown', why: { summary: 'could not read the rules of iptables: no such program' } },
    ]);
  });
});

describe('rules for where they are needed', () => {
  const match = ['-m', 'mark', '--mark', '0x10/0x10'];
  const rules = [
    { table: 'filter' as const, chain: 'DOCKER-USER', match, where: 'docker' as const },
    { table: 'raw' as const, chain: 'PREROUTING', match, where: 'docker' as const },
    { table: 'filter' as const, chain: 'FORWARD', match, where: 'closed' as const },
  ];
  const wanted = resource('accept', 'overlay IPv6', { family: 6 as const, rules });
  const line = `${match.join(' ')} -m comment --comment "${wanted.mark}" -j ACCEPT`;
  const chain = (
    policy: string,
    ...lines: readonly string[]
  ): { policy: string; rules: readonly string[] } => ({
    policy,
    rules: lines,
  });
  const read = (tables: IptablesRules): unknown => {
    const [found] = accept.read(inventory({ iptables: { 4: {}, 6: tables } }), scope(wanted));
    if (found?.is !== 'ours') return found?.is ?? 'absent';
    return accept
      .diff(wanted.spec, found.state)
      .map(d => `${d.field.split(' -m')[0]}: ${d.have} → ${d.want}`);
  };

  test.each<[string, IptablesRules, unknown]>([
    ['no rules at all', {}, []],
    ['an open FORWARD', { filter: { FORWARD: chain('ACCEPT') } }, []],
    ['a closed FORWARD', { filter: { FORWARD: chain('DROP') } }, 'absent'],
    ['a closed FORWARD, opened', { filter: { FORWARD: chain('DROP', line) } }, []],
    [
      'an open FORWARD with the rule',
      { filter: { FORWARD: chain('ACCEPT', line) } },
      ['filter FORWARD: present → absent'],
    ],
    ['an engine', { filter: { FORWARD: chain('DROP'), 'DOCKER-USER': chain('-') } }, 'absent'],
    [
      'an engine, half opened',
      { filter: { FORWARD: chain('DROP'), 'DOCKER-USER': chain('-', line) } },
      ['raw PREROUTING: missing → present'],
    ],
    [
      'an engine, opened',
      {
        filter: { FORWARD: chain('DROP'), 'DOCKER-USER': chain('-', line) },
        raw: { PREROUTING: chain('ACCEPT', line) },
      },
      [],
    ],
  ])('%s', (_, tables, expected) => {
    expect(read(tables)).toEqual(expected);
  });

  test('are written with the word that the host decides by', () => {
    const steps = accept.steps({ verb: 'create', want: wanted });
    const inputs = steps.map(step => (step.via === 'script' ? [step.args, step.stdin] : []));
    const comment = `-m comment --comment ${wanted.mark} -j ACCEPT\n`;
    expect(inputs).toEqual([
      [
        ['ip6tables', 'filter', wanted.mark],
        `docker -I DOCKER-USER 1 ${match.join(' ')} ${comment}closed -I FORWARD 1 ${match.join(' ')} ${comment}`,
      ],
      [['ip6tables', 'raw', wanted.mark], `docker -I PREROUTING 1 ${match.join(' ')} ${comment}`],
    ]);
  });
});

test('a table of the wanted name none of whose rules bears our mark is foreign', () => {
  const wanted = resource('guard', 'overlay', { table: 'topo_x', chains: [] });
  const chain = { type: 'filter', hook: 'input', priority: 0, policy: 'accept', comments: ['mine'] };
  const nft = [{ family: 'inet', name: 'topo_x', chains: { c: chain } }];
  expect(guard.read(inventory({ nft }), scope(wanted))).toMatchObject([{ is: 'foreign', id: wanted.id }]);
});

test('a sysctl that the host does not have is absent', () => {
  const wanted = resource('sysctl', 'a.b', { key: 'a.b', value: '1' });
  expect(sysctl.read(inventory({ sysctls: {} }), scope(wanted))).toEqual([]);
  expect(sysctl.read(inventory({ sysctls: { 'a.b': '0' } }), scope(wanted))).toMatchObject([
    { is: 'ours', state: { value: '0' } },
  ]);
});

test('every kind stands in the registry under its own name', () => {
  const ours = ['accept', 'address', 'fdb', 'guard', 'neighbour', 'route', 'sysctl', 'vxlan'];
  expect([...kinds.keys()].filter(name => ours.includes(name)).sort()).toEqual(ours);
  for (const [name, kind] of kinds) expect(kind.name).toBe(name);
});
