import { describe, expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import type { Link } from '../../src/core/index.js';
import { link } from '../fakes/hosts.js';
import { appliedWorld, changed, decided, freshWorld, resolved, skipping } from '../fakes/scene.js';

const EXT = link('ext5', {});
const text = (more = '', links = ''): string => `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches:
  lan: { kind: bridge, host: a, subnet: [10.0.0.0/24, 'fd00::/64'], gateway: 10.0.0.1${more} }
  wide: { kind: vxlan, mode: l2, subnet: 10.9.0.0/24 }
stacks:
  s:
    host: a
    services:
      x: { image: i, interfaces: [{ switch: lan }, { switch: wide }] }
      y: { image: i, interfaces: [{ switch: lan, ip: [10.0.0.7, 'fd00::7'] }], scale: 2 }
  t: { host: b, services: { z: { image: i, interfaces: [{ switch: wide }] }, w: { image: i } } }
links: [[s/x, 's/y#1'], [s/x, t/z], [t/w, lan]${links}]
`;

/** Host a has one more device, which nobody uses. */
function world(topology: ReturnType<typeof resolved>, ext: Link = EXT): World {
  return changed(freshWorld(topology), view =>
    view.host === 'a'
      ? { ...view, inventory: { ...view.inventory, links: [...view.inventory.links, ext] } }
      : view,
  );
}

/** What is planned of kinds that wires are made of. */
function planned(topology: ReturnType<typeof resolved>, from: World): readonly string[] {
  const { plan, diagnostics } = decided(topology, from);
  expect(diagnostics).toEqual([]);
  return plan!.actions
    .filter(a => !['container', 'image', 'accept', 'address', 'fdb', 'neighbour'].includes(a.kind))
    .map(a => `${a.host}: ${a.verb} ${a.kind} ${a.name}`);
}

test.each<[string, string, readonly string[]]>([
  ['two containers of one host', "[s/x:p, 's/y#2:p']", ['a: create veth s/x:p--s/y#2:p']],
  [
    'containers of two hosts',
    '[s/x:p, t/w:p]',
    ['a: create tunnel s/x:p--t/w:p', 'b: create tunnel s/x:p--t/w:p'],
  ],
  ['a container and the bridge of its host', "[lan, 's/y#1:p']", ['a: create veth s/y:p']],
  ['a container and a segment', '[t/w:p, wide]', ['b: create veth t/w:p']],
  ['a bridge and a segment', '[lan, wide]', ['a: create veth lan--wide']],
  ['a bridge and a device', "[lan, 'a:ext5']", ['a: create enslave ext5']],
  ['a container and a device', "[s/x:p, 'a:ext5']", ['a: create macvlan s/x:p--a:ext5']],
  [
    'a container and a device itself',
    "{ ends: [s/x:p, 'a:ext5'], via: enslave }",
    ['a: create bridge a:ext5', 'a: create enslave ext5', 'a: create veth s/x:p--a:ext5'],
  ],
  [
    'a container and a device of the other host',
    "[t/w:p, 'a:ext5']",
    [
      'a: create bridge a:ext5',
      'a: create enslave ext5',
      'a: create tunnel t/w:p--a:ext5',
      'b: create tunnel t/w:p--a:ext5',
    ],
  ],
])('the medium between %s', (_, more, expected) => {
  const before = resolved(text());
  const applied = appliedWorld(before, world(before));
  expect(planned(resolved(text('', `, ${more}`)), applied).toSorted()).toEqual([...expected].sort());
});

test('a bridge for one device of a host lets frames through where the firewall sees them, as every other', () => {
  const topology = resolved(text('', ", { ends: [s/x:p, 'a:ext5'], via: enslave }"));
  const { plan } = decided(topology, world(topology));
  expect(
    plan!.actions.filter(a => a.kind === 'accept' && a.name.startsWith('a:ext5')).map(a => a.name),
  ).toEqual(['a:ext5']);
});

test('a device that was a port is let go before it bears a macvlan, and the other way round', () => {
  const by = (links: string): ReturnType<typeof resolved> => resolved(text('', links));
  const [port, beside] = [by(", [lan, 'a:ext5']"), by(", [s/x:p, 'a:ext5']")];
  const afterOf = (from: typeof port, to: typeof port, kind: string): readonly string[] => {
    const { plan } = decided(to, appliedWorld(from, world(from)));
    const made = plan!.actions.find(a => a.kind === kind && a.verb === 'create')!;
    return made.after.map(id => plan!.actions[id - 1]!).map(a => `${a.verb} ${a.kind}`);
  };
  expect(afterOf(port, beside, 'macvlan')).toContain('delete enslave');
  expect(afterOf(beside, port, 'enslave')).toContain('delete macvlan');
});

test('what was applied is read back as wanted', () => {
  const topology = resolved(text('', ", [lan, 'a:ext5']"));
  const { plan } = decided(topology, appliedWorld(topology, world(topology)));
  expect(plan!.actions).toEqual([]);
});

test('while a host is left out, what leads to it stays as it is, its MTU and its tunnels too', () => {
  const topology = resolved(text());
  const applied = appliedWorld(topology, world(topology));
  for (const host of ['a', 'b'])
    expect(decided(topology, skipping(applied, [host])).plan!.actions).toEqual([]);
});

test('a container that is made anew takes its wires along, and its neighbours lose no more than the wires to it', () => {
  const topology = resolved(text());
  const applied = appliedWorld(topology, world(topology));
  const other = resolved(text().replace('z: { image: i,', 'z: { image: other,'));
  expect(planned(other, applied)).toEqual(['b: create tunnel s/x:eth4--t/z:eth2', 'b: create veth t/z:eth1']);
});

describe('what is refused', () => {
  const errors = (topology: ReturnType<typeof resolved>, from: World): readonly string[] =>
    decided(topology, from).diagnostics.map(d => `${d.code}: ${d.summary}`);

  test('an MTU that the path between the hosts does not carry, of a switch and of a link', () => {
    const topology = resolved(text(', mtu: 1500', ', { ends: [s/x:p, t/w:p], mtu: 1451 }'));
    expect(errors(topology, world(topology))).toEqual([
      'mtu.path: an MTU of 1500 does not fit switch lan: the path from a to b leaves 1450 bytes beside the headers of VXLAN',
      'mtu.path: an MTU of 1451 does not fit link s/x:p--t/w:p: the path from a to b leaves 1450 bytes beside the headers of VXLAN',
    ]);
  });

  test('a host without the program that enters containers, with the package that has it', () => {
    const topology = resolved(text());
    const bare = changed(world(topology), view => {
      const { nsenter: _, ...tools } = view.facts.tools;
      return view.host === 'b' ? { ...view, facts: { ...view.facts, tools } } : view;
    });
    const [found, ...others] = decided(topology, bare).diagnostics;
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: 'program.missing', host: 'b' });
    expect(`${found!.summary}; ${found!.hint}`).toMatch(/no nsenter, which links need; .*util-linux/);
  });

  test('a VNI that somebody holds, also where the device is inside a container', () => {
    const topology = resolved(text());
    const { vni } = topology.links.find(l => l.name === 't/w:eth1')!;
    const foreign = link('p0', { kind: 'vxlan', data: { id: vni, port: 4789 } });
    const hidden = changed(world(topology), view => {
      const namespaces = [{ path: '/ns/other', containers: ['other'], links: [foreign], routes: [] }];
      return view.host === 'b' ? { ...view, inventory: { ...view.inventory, namespaces } } : view;
    });
    expect(errors(topology, hidden)).toEqual([
      `vni.taken: VNI ${vni} on UDP port 4789, which link t/w:eth1 got by its name, is held by p0: a vxlan device (VNI ${vni}, UDP port 4789) that topo did not make`,
    ]);
  });

  test.each<[string, string, Link, RegExp]>([
    ['one that is not there', 'a:ext6', EXT, /^device.missing: host a has no network device ext6$/],
    [
      'one with an address',
      'a:ext5',
      link('ext5', { addresses: ['192.0.2.9/24'] }),
      /^device.in-use: .*has the address 192\.0\.2\.9/,
    ],
    [
      'one that the connection goes on by',
      'a:ext5',
      link('ext5', { master: 'eth0' }),
      /^device.in-use: ext5 of host a carries .*, by eth0$/,
    ],
    ['that of the connection', 'a:eth0', EXT, /^device.in-use: eth0 of host a carries /],
  ])('a device as a port: %s', (_, device, ext, expected) => {
    // A container of another host is reached by a tunnel, and the device is a port beside that.
    for (const other of ['lan', 't/w:p']) {
      const topology = resolved(text('', `, [${other}, '${device}']`));
      expect(errors(topology, world(topology, ext))).toEqual([expect.stringMatching(expected)]);
    }
  });
});

describe('VLANs', () => {
  const vlans = (port: string): ReturnType<typeof resolved> =>
    resolved(
      text(
        ', vlan_filtering: true',
        ", [{ at: lan, vlan: { trunk: [10, 20-21], native: 5 } }, 'a:ext5']",
      ).replace(
        '{ image: i, interfaces: [{ switch: lan }',
        `{ image: i, interfaces: [{ switch: lan${port} }`,
      ),
    );

  test('each port of a bridge that knows them has its own, one that says nothing the default', () => {
    const topology = vlans(', vlan: 7');
    const { plan } = decided(topology, world(topology));
    const steps = plan!.actions
      .filter(a => a.kind === 'vlan')
      .flatMap(a => a.steps.map(s => [a.name, 'stdin' in s ? s.stdin : ''] as const));
    expect(
      steps.map(
        ([name, stdin = '']) =>
          `${name}: ${stdin
            .trimEnd()
            .replaceAll(/dev \S+ /g, '')
            .replaceAll('\n', '; ')}`,
      ),
    ).toEqual([
      'lan--a:ext5 on lan: vlan add vid 5 pvid untagged master; vlan add vid 10 master; vlan add vid 20-21 master',
      's/x:eth1 on lan: vlan add vid 7 pvid untagged master',
      's/y#2:eth1 on lan: vlan add vid 1 pvid untagged master',
      's/y:eth1 on lan: vlan add vid 1 pvid untagged master',
      't/w:eth1 on lan: vlan add vid 1 pvid untagged master',
    ]);
  });

  test('are read back as wanted, and changed without touching the port', () => {
    const topology = vlans('');
    const applied = appliedWorld(topology, world(topology));
    expect(planned(topology, applied)).toEqual([]);
    expect(planned(vlans(', vlan: 7'), applied)).toEqual(['a: update vlan s/x:eth1 on lan']);
  });

  test('are refused where the kernel has none on bridges', () => {
    const topology = vlans('');
    const old = changed(world(topology), view => {
      const docker = link('docker0', { kind: 'bridge', data: { vlan_filtering: 0 } });
      return { ...view, inventory: { ...view.inventory, links: [...view.inventory.links, docker] } };
    });
    const { diagnostics } = decided(topology, old);
    expect(diagnostics.map(d => `${d.code} at line ${d.place?.line}: ${d.summary}`)).toEqual([
      'kernel.vlans at line 4: the kernel of host a (6.1.0) has no VLANs on bridges, which switch lan is to know',
    ]);
  });
});

test('the container that has the gateway of a bridge gets no way by itself, in whatever spelling', () => {
  const { links } = resolved(
    text(', mtu: 1400', '').replace('gateway: 10.0.0.1, mtu: 1400', "gateway: [10.0.0.7, 'fd00:0::7']"),
  );
  const eth1Of = (replica: string): unknown =>
    links.flatMap(l => l.ends).find(e => e.is === 'service' && e.replica === replica && e.device === 'eth1');
  expect(eth1Of('s/y')).toMatchObject({ addresses: ['10.0.0.7/24', 'fd00::7/64'], routes: [] });
  expect(eth1Of('s/x')).toMatchObject({ routes: [{ via: '10.0.0.7' }, { via: 'fd00:0::7' }] });
});
