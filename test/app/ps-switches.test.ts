import { expect, test } from 'vitest';
import { switchStatus } from '../../src/app/ps-switches.js';
import type { Inventory, VppState } from '../../src/core/index.js';
import { freshWorld, resolved } from '../fakes/scene.js';
import { netmap } from '../fakes/vale/inventory.js';
import { vppInterface, vppWith } from '../fakes/vpp-state.js';

const topology = resolved(`name: lab
hosts: { a: ssh://a, b: ssh://b }
switches: { v0: { kind: vale, host: a }, fast: { kind: vpp, host: a, bridge_domain: 10 } }
`);

/** The switches that are there, where the hosts have this. */
function there(host: string, more: Partial<Inventory>): readonly string[] {
  const view = freshWorld(topology).views.get(host)!;
  const world = { ...view, inventory: { ...view.inventory, ...more } };
  return topology.switches.flatMap(s => switchStatus(topology, s, world)).map(s => s.name);
}

const vale = netmap({}, [{ switch: 'valev0', device: 'eth2', hostStack: false }]);
const domain = (tag: string): VppState => ({
  ...vppWith([]),
  domains: [
    {
      ...{ id: 10, index: 1, learn: true, forward: true, flood: true, unknownUnicast: 'flood' },
      ...{ arpTerm: false, age: 0, arp: [], tag },
    },
  ],
  interfaces: [{ ...vppInterface('loop1', 1), domain: 10, bvi: true }],
});

test("what is called like a switch on a host that it is not on, or is somebody else's, is not it", () => {
  expect(there('a', { vale })).toEqual(['v0']);
  expect(there('b', { vale })).toEqual([]);
  expect(there('a', { vpp: domain('topo:lab:abcdefghijkl') })).toEqual(['fast']);
  expect(there('a', { vpp: domain('theirs') })).toEqual([]);
});
