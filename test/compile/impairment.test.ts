import { describe, expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import { qdiscOf } from '../../src/compile/qdisc.js';
import type { Impairment, Qdisc } from '../../src/core/index.js';
import { hostView, link } from '../fakes/hosts.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';

type Topology = ReturnType<typeof resolved>;

const text = (links: string, interfaces = ''): string => `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches: { lan: { kind: bridge, host: a } }
stacks:
  s: { host: a, services: { x: { image: i, interfaces: [${interfaces}] }, y: { image: i } } }
  t: { host: b, services: { z: { image: i } } }
links: [${links}]
`;

/** Hosts whose kernels have these queues; host a has one more device, which nobody uses. */
function world(topology: Topology, qdiscs: readonly string[] = ['netem', 'tbf']): World {
  return changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, qdiscs },
    inventory: { ...view.inventory, links: [...view.inventory.links, link('ext5', {})] },
  }));
}

/** The queues that are made, by the device that they are of and what is sent through it. */
function queues(topology: Topology, from: World): readonly string[] {
  const { plan, diagnostics } = decided(topology, from);
  expect(diagnostics).toEqual([]);
  return plan!.actions.flatMap(({ host, steps }) =>
    steps.flatMap(step => {
      if (step.via !== 'exec' || step.argv[0] !== 'tc') return [];
      const where = step.netns ? `${host} ${step.netns.container}` : host;
      const [, , , , device, , ...words] = step.argv;
      return [
        `${where} ${step.netns ? device : 'port'}: ${words.filter((_, i) => i < 1 || i > 2).join(' ')}`,
      ];
    }),
  );
}

describe('what an end sends is impaired at its own device', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'two containers of one host: each in its own namespace',
      '{ ends: [{ at: s/x, impair: { delay: 20ms } }, s/y], impair: { loss: 1% } }',
      ['a lab-s-x-1 eth1: netem delay 20ms loss 1%', 'a lab-s-y-1 eth1: netem loss 1%'],
    ],
    [
      'a switch and a container: what the switch sends leaves by its port',
      '[{ at: lan, impair: { rate: 5mbit } }, { at: s/x, impair: { delay: 1ms } }]',
      ['a lab-s-x-1 eth1: netem delay 1ms', 'a port: netem rate 5mbit'],
    ],
    [
      'two hosts: each at its own end of the tunnel',
      '{ ends: [s/x, { at: t/z, impair: { loss: 0% } }], impair: { loss: 1%, delay: 5ms } }',
      ['a lab-s-x-1 eth1: netem delay 5ms loss 1%', 'b lab-t-z-1 eth1: netem delay 5ms'],
    ],
    [
      'a container that has a macvlan on a device of the host',
      "[{ at: s/x, impair: { loss: 1% } }, 'a:ext5']",
      ['a lab-s-x-1 eth1: netem loss 1%'],
    ],
    [
      'a device of the host behind a bridge of its own',
      "{ ends: [s/x, 'a:ext5'], via: enslave, impair: { loss: 1% } }",
      ['a lab-s-x-1 eth1: netem loss 1%', 'a port: netem loss 1%'],
    ],
  ])('%s', (_, links, expected) => {
    const topology = resolved(text(links));
    expect(queues(topology, world(topology)).toSorted()).toEqual(expected);
  });

  test('of an interface only what the container sends', () => {
    const topology = resolved(text('', '{ switch: lan, impair: { loss: 1% } }'));
    expect(queues(topology, world(topology))).toEqual(['a lab-s-x-1 eth1: netem loss 1%']);
  });
});

test('it is changed in place, read back as wanted, and taken away when it leaves the file', () => {
  const by = (impair: string): Topology => resolved(text(`{ ends: [s/x, s/y]${impair} }`));
  const [before, other, none] = [
    by(', impair: { delay: 20ms, rate: 1mbit }'),
    by(', impair: { delay: 30ms }'),
    by(''),
  ];
  const there = appliedWorld(before, world(before));
  expect(decided(before, there).plan!.actions).toEqual([]);
  const change = (to: Topology): readonly unknown[] =>
    decided(to, there).plan!.actions.map(a => [
      a.verb,
      a.kind,
      ...a.differences.map(d => `${d.field}: ${d.have} → ${d.want}`),
    ]);
  const fields = (end: string): readonly string[] => [
    `${end} delay: 20ms → 30ms`,
    `${end} rate: 1mbit → none`,
  ];
  expect(change(other)).toEqual([['update', 'veth', ...fields('eth1'), ...fields('eth1')]]);
  expect(queues(other, there)[0]).toBe('a lab-s-y-1 eth1: netem delay 30ms rate 0bit');
  expect(decided(none, there).plan!.actions[0]!.steps.map(step => step.label)).toEqual([
    'no impairment of eth1',
    'no impairment of eth1',
  ]);
});

describe('what is refused', () => {
  const refused = (topology: Topology, from: World): readonly string[] =>
    decided(topology, from).diagnostics.map(d => `${d.host} ${d.code}: ${d.summary}`);

  test('a kernel without netem, once for each host; a rate alone goes by tbf', () => {
    const links =
      '{ ends: [s/x, t/z], impair: { delay: 1ms } }, [{ at: s/y, impair: { loss: 1%, rate: 1mbit } }, t/z]';
    const topology = resolved(text(links));
    expect(refused(topology, world(topology, ['tbf']))).toEqual([
      'a kernel.netem: the kernel of host a (6.1.0) has no netem, by which delay, loss, rate would be done',
      'b kernel.netem: the kernel of host b (6.1.0) has no netem, by which delay would be done',
    ]);
    const slow = resolved(text('{ ends: [s/x, t/z], impair: { rate: 1mbit } }'));
    expect(queues(slow, world(slow, ['tbf']))[0]).toMatch(/^a lab-s-x-1 eth1: tbf/);
    expect(refused(slow, world(slow, []))[0]).toContain('a kernel.tbf: ');
  });

  test.each<[string, string, readonly string[]]>([
    [
      'a device that is a port of the switch at the other end',
      "{ ends: [lan, 'a:ext5'], impair: { loss: 1% } }",
      ['switch lan', 'a:ext5'],
    ],
    ['a device that bears a macvlan', "{ ends: [s/x, 'a:ext5'], impair: { loss: 1% } }", ['a:ext5']],
  ])('%s', (_, links, sending) => {
    const topology = resolved(text(links));
    expect(refused(topology, world(topology)).toSorted()).toEqual(
      sending
        .map(
          what =>
            `a impair.device: what ${what} sends here goes through no device of topo's, where it could be impaired`,
        )
        .sort(),
    );
  });

  test('a host without tc, with the package that has it, and not for its kernel, which nobody could ask', () => {
    const topology = resolved(text('{ ends: [s/x, s/y], impair: { loss: 1% } }'));
    const bare = changed(world(topology, []), view => {
      const { tc: _, ...tools } = view.facts.tools;
      return { ...view, facts: { ...view.facts, tools } };
    });
    expect(refused(topology, bare)).toEqual(['a program.missing: this host has no tc, which links need']);
  });
});

describe('how much is queued', () => {
  const view = (qdiscs: readonly string[]): ReturnType<typeof hostView> =>
    hostView('a', 1, { facts: { qdiscs } });
  const of = (impair: Impairment, qdiscs = ['netem', 'tbf']): Qdisc => qdiscOf(impair, view(qdiscs), 1500);

  test.each<[string, Impairment, number]>([
    ['loss alone: as by itself', { loss: 1 }, 1_000],
    [
      'what 10 Gbit/s of full frames have on the way in 100 ms and 20 ms more',
      { delay: 100_000, jitter: 20_000 },
      98_815,
    ],
    [
      'what a rate has on the way in the least frames, and 100 ms more of full ones',
      { delay: 20_000, rate: 10e6 },
      473,
    ],
    ['a slow rate: 32 frames', { rate: 64e3 }, 32],
    ['a bound', { delay: 240e6 }, 10_000_000],
  ])('netem: %s', (_, impair, limit) => {
    expect(of(impair)).toEqual({ kind: 'netem', impair, limit });
  });

  test('tbf: 10 ms at once and 100 ms more, and no less than frames need', () => {
    expect(of({ rate: 10e6 }, ['tbf'])).toMatchObject({ kind: 'tbf', burst: 12_500, limit: 137_500 });
    expect(of({ rate: 64e3 }, ['tbf'])).toMatchObject({ burst: 3_036, limit: 3_036 + 32 * 1_518 });
  });
});
