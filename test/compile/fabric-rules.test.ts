import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptRules, guardChains } from '../../src/compile/fabric-rules.js';
import { compile } from '../../src/compile/index.js';
import { switchesOf } from '../../src/core/index.js';
import type { Resolved, Resource } from '../../src/core/index.js';
import type { GuardSpec } from '../../src/kinds/index.js';
import { fabrics, textOf } from '../fakes/fabrics.js';
import { freshWorld, resolved } from '../fakes/scene.js';
import { passThrough, type Packet, type Passage } from './nft.js';

/** A stack of a topology as packets see it. */
interface Stack {
  readonly host: string;
  readonly bridge: string;
  readonly fabric: string | undefined;
  readonly address: string;
}

interface Lab {
  readonly topology: Resolved;
  readonly resources: readonly Resource[];
  readonly stacks: readonly Stack[];
}

const labs = fabrics.map((fabric): Lab => {
  const topology = resolved(textOf(fabric));
  const { resources } = compile(topology, freshWorld(topology).views, value => value);
  const stacks = topology.stacks.map(stack => {
    const [net] = stack.networks;
    return {
      host: stack.host,
      bridge: net!.bridge,
      fabric: net!.fabric?.switch,
      address: net!.subnets[0]!.subnet.replace('.0/24', '.7'),
    };
  });
  return { topology, resources, stacks };
});

/** All of topo's own tables on a host. */
function tablesOn({ resources }: Lab, host: string): readonly GuardSpec[] {
  return resources.filter(r => r.host === host && r.kind === 'guard').map(r => r.spec as GuardSpec);
}

function device({ topology }: Lab, fabric: string): string {
  return `vxlan${switchesOf(topology, 'vxlan').find(s => s.name === fabric)!.vni}`;
}

function pass(lab: Lab, host: string, packet: Packet): Passage {
  return passThrough(tablesOn(lab, host), packet);
}

/** On two hosts: out of the one through a switch's device, into the other through its own. */
function across(lab: Lab, from: Stack, to: Stack, fabric: string): readonly Passage[] {
  const through = device(lab, fabric);
  const { address: saddr } = from;
  const { address: daddr } = to;
  return [
    pass(lab, from.host, { iif: from.bridge, oif: through, saddr, daddr }),
    pass(lab, to.host, { iif: through, oif: to.bridge, saddr, daddr }),
  ];
}

function forEveryPair(check: (lab: Lab, from: Stack, to: Stack) => void): void {
  const property = fc.property(labs, lab => {
    for (const from of lab.stacks) for (const to of lab.stacks) if (from !== to) check(lab, from, to);
  });
  fc.assert(property, { numRuns: 80 });
}

test('stacks on one switch reach each other across hosts, marked, and with their own addresses', () => {
  forEveryPair((lab, from, to) => {
    if (from.fabric === undefined || from.fabric !== to.fabric || from.host === to.host) return;
    const marked = { dropped: false, mark: 0x10 };
    expect(across(lab, from, to, from.fabric)).toMatchObject([{ ...marked, kept: true }, marked]);
  });
});

test('stacks on one switch and one host reach each other, marked, and with their own addresses', () => {
  forEveryPair((lab, from, to) => {
    if (from.fabric === undefined || from.fabric !== to.fabric || from.host !== to.host) return;
    const packet = { iif: from.bridge, oif: to.bridge, saddr: from.address, daddr: to.address };
    expect(pass(lab, from.host, packet)).toEqual({ dropped: false, mark: 0x10, kept: true });
  });
});

test('no other pair of stacks gets through a switch, from neither side', () => {
  forEveryPair((lab, from, to) => {
    const used = new Set(lab.stacks.flatMap(s => s.fabric ?? []));
    for (const fabric of used) {
      if (from.fabric === fabric && to.fabric === fabric) continue;
      const [out, into] = across(lab, from, to, fabric);
      const present = (host: string): boolean => lab.stacks.some(s => s.host === host && s.fabric === fabric);
      if (present(from.host)) expect(out).toMatchObject({ dropped: true });
      if (present(to.host)) expect(into).toMatchObject({ dropped: true });
    }
  });
});

test('stacks that share a host and no switch: none gets into the network of one that is on a switch', () => {
  forEveryPair((lab, from, to) => {
    if (from.host !== to.host || (from.fabric !== undefined && from.fabric === to.fabric)) return;
    const packet = { iif: from.bridge, oif: to.bridge, saddr: from.address, daddr: to.address };
    const passage = { dropped: to.fabric !== undefined, mark: 0, kept: false };
    expect(pass(lab, from.host, packet)).toEqual(passage);
    // What the other side asked for is answered: whether it may ask is Docker's matter, or the other switch's.
    expect(pass(lab, from.host, { ...packet, reply: true })).toEqual({ ...passage, dropped: false });
  });
});

test("into a stack's network come replies and connections to published ports of the host, and nothing else from outside", () => {
  forEveryPair((lab, from) => {
    if (from.fabric === undefined) return;
    const packet = { iif: 'eth0', oif: from.bridge, saddr: '203.0.113.7', daddr: from.address };
    const open = { dropped: false, mark: 0, kept: false };
    expect(pass(lab, from.host, packet).dropped).toBe(true);
    expect(pass(lab, from.host, { ...packet, reply: true })).toEqual(open);
    expect(pass(lab, from.host, { ...packet, daddr: '192.0.2.1', dnat: from.address })).toEqual(open);
  });
});

test("frames within a stack's own bridge pass, whatever address they bear", () => {
  forEveryPair((lab, from) => {
    const packet = { iif: from.bridge, oif: from.bridge, saddr: '169.254.7.7', daddr: from.address };
    expect(pass(lab, from.host, packet).dropped).toBe(false);
  });
});

test('a stack cannot borrow the address of another one, nor an address that nobody has', () => {
  forEveryPair((lab, from, to) => {
    if (from.fabric === undefined || from.fabric !== to.fabric || from.host === to.host) return;
    const through = device(lab, from.fabric);
    const forged = [to.address, '203.0.113.7', '10.1.0.1'];
    for (const saddr of forged) {
      expect(pass(lab, from.host, { iif: from.bridge, oif: through, saddr, daddr: to.address }).dropped).toBe(
        true,
      );
      expect(pass(lab, to.host, { iif: through, oif: to.bridge, saddr, daddr: to.address }).dropped).toBe(
        true,
      );
    }
    expect(
      pass(lab, from.host, { iif: 'eth0', oif: through, saddr: from.address, daddr: to.address }).dropped,
    ).toBe(true);
  });
});

test('a switch leads nowhere else: not to the underlay, not to the other switch, not back', () => {
  forEveryPair((lab, from, to) => {
    if (from.fabric === undefined) return;
    const through = device(lab, from.fabric);
    const switches = switchesOf(lab.topology, 'vxlan').map(s => `vxlan${s.vni}`);
    for (const oif of ['eth0', ...switches]) {
      const packet = { iif: through, oif, saddr: to.address, daddr: from.address };
      expect(pass(lab, from.host, packet).dropped).toBe(true);
    }
  });
});

test('the host itself is reached from a switch only where the file says so', () => {
  forEveryPair((lab, from, to) => {
    if (from.fabric === undefined) return;
    const open = switchesOf(lab.topology, 'vxlan').find(s => s.name === from.fabric)!.hostAccess;
    const packet = { iif: device(lab, from.fabric), oif: '', saddr: to.address, daddr: '192.0.2.1' };
    expect(pass(lab, from.host, packet)).toEqual({ dropped: !open, mark: 0, kept: false });
  });
});

test('what goes elsewhere is still masqueraded: the mark is for declared subnets alone', () => {
  forEveryPair((lab, from) => {
    const packet = { iif: from.bridge, oif: 'eth0', saddr: from.address, daddr: '203.0.113.7' };
    expect(pass(lab, from.host, packet)).toEqual({ dropped: false, mark: 0, kept: false });
  });
});

test('who reaches itself through a published port of its host is masqueraded all the same', () => {
  forEveryPair((lab, from) => {
    const { bridge, address } = from;
    const packet = { iif: bridge, oif: bridge, saddr: address, daddr: '192.0.2.1', dnat: address };
    expect(pass(lab, from.host, packet)).toEqual({ dropped: false, mark: 0, kept: false });
  });
});

test('the mark is set ahead of raw, where engines from 28 on drop, and the source is kept ahead of masquerade', () => {
  const fabric = {
    device: 'vxlan1',
    local: [{ bridge: 'b', subnet: '10.0.0.0/24' }],
    remote: [],
    hostAccess: false,
  };
  const places = guardChains(fabric).map(c => [c.name, c.hook, c.priority]);
  const [RAW, FILTER, SRCNAT] = [-300, 0, 100];
  expect(places).toEqual([
    ['stamp', 'prerouting', RAW - 10],
    ['guard', 'forward', FILTER - 10],
    ['door', 'input', FILTER - 10],
    ['keep', 'postrouting', SRCNAT - 10],
  ]);
});

test("one rule each opens the engine's own chains, however many subnets there are", () => {
  const match = ['-m', 'mark', '--mark', '0x10/0x10'];
  expect(acceptRules()).toEqual([
    { table: 'filter', chain: 'DOCKER-USER', match },
    { table: 'raw', chain: 'PREROUTING', match },
  ]);
});
