import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import { topologicalOrder } from '../../src/core/index.js';
import type { HostView, Resolved } from '../../src/core/index.js';
import { computedView } from '../../src/facts/index.js';
import { kinds } from '../../src/kinds/index.js';
import { resolve } from '../../src/resolve/index.js';
import { readTopology } from '../../src/topology/index.js';
import { vppWith } from '../fakes/vpp-state.js';

/** Deletes of strays are ordered by `after` alone: it must know every dependency that a spec can have. */

test('what kinds come after has no cycle', () => {
  const order = topologicalOrder([...kinds.values()].map(k => ({ key: k.name, after: k.after })));
  expect(order).toHaveProperty('order');
  for (const kind of kinds.values())
    for (const other of kind.after) expect([...kinds.keys()]).toContain(other);
});

test('every dependency that there can be is one of `after`, of every kind there is', () => {
  const resources = [QUICKSTART, WIRES, TWO_SITES, VPP].flatMap(text => {
    const compiled = compile(...world(text), value => value);
    expect(compiled.diagnostics).toEqual([]);
    return compiled.resources;
  });
  const kindOf = new Map(resources.map(r => [r.id, r.kind]));
  for (const resource of resources) {
    const kind = kinds.get(resource.kind)!;
    for (const { on } of kind.dependsOn(resource)) {
      const other = kindOf.get(on)!;
      // One that waits for its plugs: these stand in the namespace of its holder, and go first with both.
      if (resource.kind === 'container' && kinds.get(other)!.after.includes('holder')) continue;
      const isBetween = kind.runs?.between === other || kinds.get(other)!.runs?.between === kind.name;
      if (!isBetween) expect([...kind.after, kind.name]).toContain(other);
    }
  }
  const lasting = [...kinds.values()].filter(kind => !kind.runs).map(kind => kind.name);
  const seen = new Set(resources.map(r => r.kind).filter(kind => !kinds.get(kind)!.runs));
  expect([...seen].sort()).toEqual(lasting.sort());
});

const QUICKSTART = readFileSync(
  new URL('../../topologies/quickstart.yaml', import.meta.url).pathname,
  'utf8',
);

const TWO_SITES = readFileSync(new URL('../../topologies/two-sites.yaml', import.meta.url).pathname, 'utf8');

/** A wire of every sort, on one host and across two. */
const WIRES = `
name: wires
hosts: { h1: sandbox, h2: sandbox }
switches:
  lan: { kind: bridge, host: h1, subnet: 10.0.0.0/24, address: 10.0.0.1, vlan_filtering: true }
  v0: { kind: vale, host: h1 }
  tip: { kind: vde, host: h1 }
  sim: { kind: vde, host: h2 }
stacks:
  a: { host: h1, services: { x: { image: i, interfaces: [{ switch: lan }] }, y: { image: i, wait_for_interfaces: true } } }
  b: { host: h2, services: { z: { image: i } } }
links: [[a/x, a/y], [a/x, b/z], [lan, 'h1:eth5'], [a/y, 'h1:eth6'], [b/z, lan], [b/z, sim], [lan, sim], [a/y, v0], [b/z, v0], [v0, tip]]
`;

/** Bridge domains with all that they can have, joined by tunnels and by uplinks. */
const VPP = `
name: vpp
hosts: { h1: sandbox, h2: sandbox }
switches:
  fast: { kind: vpp, hosts: { h1: { bvi: 10.0.0.1/24 }, h2: {} }, learn: false, arp_term: true }
  wire: { kind: vpp, hosts: { h1: { uplink: nic0 }, h2: { uplink: eth5 } } }
stacks:
  a: { host: h1, services: { x: { image: i, interfaces: [{ switch: fast, ip: 10.0.0.2/24 }] } } }
  b: { host: h2, services: { z: { image: i, interfaces: [{ switch: fast, ip: 10.0.0.3/24 }] } } }
  c:
    host: h1
    services:
      m: { image: i, userspace: {}, interfaces: [{ switch: fast, via: memif, ip: 10.0.0.4/24 }] }
      t: { image: i, interfaces: [{ switch: fast, via: tap, ip: 10.0.0.5/24 }] }
      v: { image: i, userspace: { configure: userspace-cni }, interfaces: [{ switch: fast, via: vhost-user, ip: none }] }
links: [[a/x, wire], [wire, 'h1:eth6']]
`;

function world(text: string): [Resolved, ReadonlyMap<string, HostView>] {
  const read = readTopology({ path: 'topo.yaml', text, directory: '/', environment: {} });
  const { resolved } = resolve(read.topology!, read.locate, {});
  const facts = {
    hostname: '',
    kernel: '',
    arch: '',
    bootId: '',
    netns: '',
    tools: { vde_switch: '', vde_plug2tap: '', unixcmd: '' },
    engine: { is: 'missing', why: '', hint: '' },
  };
  const operator = { host: '@operator', facts, inventory: {} } as unknown as HostView;
  const views = resolved!.hosts.map((h, i) => {
    const view = computedView(h.name, operator, { address: `198.18.0.${i + 2}/16` });
    const [eth0] = view.inventory.links;
    const more = ['eth5', 'eth6'].map(name => ({ ...eth0!, name, addresses: [] }));
    const vpp = vppWith([['nic0'], ['nic1', `192.0.2.${i + 1}/24`]]);
    return { ...view, inventory: { ...view.inventory, links: [eth0!, ...more], vpp } };
  });
  return [resolved!, new Map(views.map(v => [v.host, v]))];
}
