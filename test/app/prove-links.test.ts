import { describe, expect, test } from 'vitest';
import { linkTrials } from '../../src/app/prove-links.js';
import type { World } from '../../src/app/world.js';
import { bridgeDevice } from '../../src/core/index.js';
import type { Link, Resolved } from '../../src/core/index.js';
import { link } from '../fakes/hosts.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { netmap } from '../fakes/vale/inventory.js';
import { vppWith } from '../fakes/vpp-state.js';

const TEXT = `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches:
  lan: { kind: bridge, host: a, subnet: [10.0.0.0/24, 'fd00::/64'] }
  far: { kind: bridge, host: b }
  wide: { kind: vxlan, mode: l2, subnet: 10.9.0.0/24 }
stacks:
  s:
    host: a
    services:
      x: { image: i, interfaces: [{ switch: lan }, { switch: wide }] }
      y: { image: i, interfaces: [{ switch: lan }] }
      z: { image: i, interfaces: [{ switch: lan, ip: none }] }
  t: { host: b, services: { w: { image: i, interfaces: [{ switch: wide }, { switch: far, ip: 10.0.0.99/24 }] } } }
links:
  - [lan, far]
  - [s/z, t/w]
  - ends: [{ at: s/x, ip: 10.7.0.1/30 }, { at: t/w, ip: 10.7.0.2/30, mtu: 1400 }]
`;
const DEVICE = link('ext5');

/** A host's own device, where nobody uses it yet. */
function withDevice(topology: Resolved): World {
  return changed(freshWorld(topology), view =>
    view.host === 'a'
      ? { ...view, inventory: { ...view.inventory, links: [...view.inventory.links, DEVICE] } }
      : view,
  );
}

/** What is proven once the file was `before` and is `text` now, whose devices were then read as `seen`. */
function proven(
  text: string,
  before?: string,
  seen: (device: Link) => Partial<Link> = () => ({}),
): readonly string[] {
  const topology = resolved(text);
  const was = before === undefined ? undefined : resolved(before);
  const from = was ? appliedWorld(was, withDevice(was)) : withDevice(topology);
  const { plan } = decided(topology, from);
  const world = changed(appliedWorld(topology, withDevice(topology)), view => {
    const links = view.inventory.links.map(l => ({ ...l, ...seen(l) }));
    return { ...view, inventory: { ...view.inventory, links } };
  });
  const { resources, mtuOf } = decided(topology, world);
  const { trials, proofs } = linkTrials({
    resolved: topology,
    plan: plan!,
    unfinished: [],
    resources,
    world,
    links: undefined as never,
    mtuOf,
  });
  return [
    ...trials.map(t => `${t.host}: ${t.from} → ${t.to}, ${t.address} with ${t.bytes}`),
    ...proofs.map(
      p =>
        `${p.ok ? 'ok' : p.untried ? 'untried' : 'failed'}: ${p.from} → ${p.to}, ${p.how}${p.detail && `: ${p.detail}`}`,
    ),
  ].map(line => line.replaceAll(/10\.(0|9)\.0\.\d+|fd00::[0-9a-f:]+/g, '<address>'));
}

test('ports ping the nearest one of their subnet, through what joins switches as well, and the rest is shown by its devices', () => {
  expect(proven(TEXT)).toEqual([
    'a: s/y:eth1 → s/x:eth1, <address> with 1450',
    'a: s/y:eth1 → s/x:eth1, <address> with 1450',
    'a: s/x:eth2 → t/w:eth1, <address> with 1450',
    'a: s/x:eth1 → t/w:eth2, <address> with 1450',
    'b: t/w:eth4 → s/x:eth3, 10.7.0.1 with 1400',
    'ok: s/z:eth1 → lan, carrier and ports (no two addresses to ping)',
    'ok: s/z:eth2 → t/w:eth3, carrier and ports (no two addresses to ping)',
  ]);
});

test('only what was made or changed is proven', () => {
  const more = TEXT.replace('      y:', '      v: { image: i, interfaces: [{ switch: wide }] }\n      y:');
  expect(proven(more, TEXT)).toEqual([
    'a: s/v:eth1 → s/x:eth2, <address> with 1450',
    'a: s/x:eth2 → t/w:eth1, <address> with 1450',
  ]);
  expect(proven(TEXT, TEXT)).toEqual([]);
});

test('what the file wants down is told and not tried', () => {
  const down = TEXT.replace('[s/z, t/w]', '{ ends: [s/z, t/w], up: false }');
  expect(proven(down, TEXT)).toEqual([
    'untried: s/z:eth2 → t/w:eth3, carrier and ports (no two addresses to ping): it is down, as the file says',
  ]);
});

test('a device of the host that has no carrier fails, with its name', () => {
  const more = TEXT.replace('links:', "links:\n  - [lan, 'a:ext5']");
  const down = (l: Link): Partial<Link> => (l.name === 'ext5' ? { up: false } : {});
  const beside = `${TEXT}  - [s/x, 'a:ext5']\n`;
  expect(proven(beside, TEXT, down)).toEqual([
    'failed: s/x:eth4 → a:ext5, carrier and ports (no two addresses to ping): a:ext5 is down: ip link set ext5 up',
  ]);
  const dead = (l: Link): Partial<Link> => (l.name === 'ext5' ? { noCarrier: true } : {});
  expect(proven(more, TEXT)).toEqual(['ok: lan → a:ext5, carrier and ports (no two addresses to ping)']);
  expect(proven(more, TEXT, dead)).toEqual([
    'failed: lan → a:ext5, carrier and ports (no two addresses to ping): a:ext5 has no carrier: nothing is at its other end, or that is down',
  ]);
});

test('a spanning tree is not called broken while it settles, and pinged through once it has', () => {
  const more = TEXT.replace('host: a, subnet', 'host: a, stp: true, subnet').replace(
    '[lan, far]',
    '[far, lan]',
  );
  const ports =
    (state: string) =>
    (l: Link): Partial<Link> =>
      l.master === bridgeDevice('a', 'lan') ? { port: { state } } : {};
  const settled = proven(more, TEXT, ports('forwarding'));
  expect(settled.filter(line => !/^[ab]: .* with 1450$/.test(line))).toEqual([
    'ok: s/z:eth1 → lan, carrier and ports (no two addresses to ping)',
  ]);
  const early = proven(more, TEXT, ports('learning'));
  expect(early.length).toBeGreaterThan(3);
  expect(early.filter(line => !line.endsWith('(its spanning tree settles within 30 s)'))).toEqual([]);
});

test('ports of different VLANs are not asked to reach each other', () => {
  const more = TEXT.replace('host: a, subnet', 'host: a, vlan_filtering: true, subnet')
    .replace(
      'y: { image: i, interfaces: [{ switch: lan }]',
      'y: { image: i, interfaces: [{ switch: lan, vlan: 5 }]',
    )
    .replace('[lan, far]', '[{ at: lan, vlan: { trunk: 5 } }, far]');
  expect(proven(more).filter(line => /lan|eth1 → s/.test(line))).toEqual([
    'ok: s/x:eth1 → lan, carrier and ports (no two addresses to ping)',
    'ok: s/y:eth1 → lan, carrier and ports (no two addresses to ping)',
    'ok: s/z:eth1 → lan, carrier and ports (no two addresses to ping)',
    'ok: lan → far, carrier and ports (no two addresses to ping)',
  ]);
});

test('a ping along impaired links gets the time and the tries that it may need, or none where that is too much', () => {
  const impaired = (impair: string): readonly unknown[] => {
    const topology = resolved(
      TEXT.replace('  - [lan, far]', `  - { ends: [lan, far], impair: { ${impair} } }`),
    );
    const world = appliedWorld(topology, withDevice(topology));
    const { plan } = decided(topology, withDevice(topology));
    const { resources, mtuOf } = decided(topology, world);
    const about = { resolved: topology, plan: plan!, unfinished: [], resources, world, mtuOf };
    const { trials, proofs } = linkTrials({ ...about, links: undefined as never });
    const across = trials.find(t => t.from === 's/x:eth1')?.patience;
    return [across, ...proofs.filter(p => p.from === 'lan').map(p => p.how)];
  };
  expect(impaired('rate: 1gbit')).toEqual([{ tries: 3, seconds: 2 }]);
  expect(impaired('delay: 900ms, jitter: 100ms, loss: 50%')).toEqual([{ tries: 33, seconds: 3 }]);
  const why = ['carrier and ports (what is impaired lets too few pings through)'];
  expect(impaired('loss: 100%')).toEqual([undefined, ...why]);
  expect(impaired('delay: 60s')).toEqual([undefined, ...why]);
});

test('a service that speaks netmap is neither pinged nor pings; others on its switch are, and a port that is attached again counts as changed', () => {
  const topology = resolved(`name: lab
hosts: { a: ssh://a }
switches: { v0: { kind: vale, host: a, subnet: 10.5.0.0/24 } }
stacks:
  s:
    host: a
    services:
      tx: { image: i, netmap: true, interfaces: [{ switch: v0 }] }
      x: { image: i, interfaces: [{ switch: v0 }] }
      y: { image: i, interfaces: [{ switch: v0 }] }
`);
  const fresh = changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, tools: { ...view.facts.tools, ethtool: '/sbin/ethtool' } },
    inventory: { ...view.inventory, vale: netmap() },
  }));
  const world = appliedWorld(topology, fresh);
  const { resources, mtuOf } = decided(topology, world);
  const about = { resolved: topology, unfinished: [], resources, world, mtuOf, links: undefined as never };
  const shown = (before: World): readonly string[] => {
    const { trials, proofs } = linkTrials({ ...about, plan: decided(topology, before).plan! });
    return [...trials.map(t => `${t.from} → ${t.to}`), ...proofs.map(p => `${p.from} → ${p.to}: ${p.how}`)];
  };
  const mute = 's/tx:eth1 → v0: carrier and ports (a service with netmap: true answers no ping)';
  expect(shown(fresh)).toEqual(['s/y:eth1 → s/x:eth1', mute]);
  expect(shown(world)).toEqual([]);
  const detached = changed(world, view => ({
    ...view,
    inventory: { ...view.inventory, vale: netmap({}, view.inventory.vale!.ports.slice(1)) },
  }));
  expect(shown(detached)).toEqual([mute]);
});

describe('of a VPP switch', () => {
  const topology = resolved(`name: lab
hosts: { a: ssh://a }
switches: { fast: { kind: vpp, host: a, subnet: 10.8.0.0/24, bridge_domain: 10 } }
stacks:
  s:
    host: a
    services: { x: &x { image: i, interfaces: [{ switch: fast }] }, y: *x, z: *x }
`);
  const running = (world: World): World =>
    changed(world, view => ({
      ...view,
      facts: { ...view.facts, vpp: { is: 'running', version: 'v25.10', pid: 1 } },
      inventory: { ...view.inventory, vpp: vppWith([]) },
    }));
  const fresh = running(freshWorld(topology));
  const { plan } = decided(topology, fresh);

  test.each([
    ['what is there for one link', /_host_interface\/s\/x:eth1$/, ['s/x:eth1 → s/y:eth1']],
    ['what all ports are in', /\/vpp_domain\//, ['s/y:eth1 → s/x:eth1', 's/z:eth1 → s/x:eth1']],
    ['nothing', /^$/, []],
  ])('%s is proven where it was made anew', (_, done, pinged) => {
    const world = running(appliedWorld(topology, fresh));
    const { resources, mtuOf } = decided(topology, world);
    const { trials } = linkTrials({
      ...{ resolved: topology, unfinished: [], resources, world, links: undefined as never, mtuOf },
      plan: { ...plan!, actions: plan!.actions.filter(a => done.test(a.resource)) },
    });
    expect(trials.map(t => `${t.from} → ${t.to}`)).toEqual(pinged);
  });
});
