import { expect, test } from 'vitest';
import { onlyFollows } from '../../src/app/decide.js';
import { joined, numberedAfter } from '../../src/app/waves.js';
import type { Action, ActionOutcome, Plan, Report } from '../../src/core/index.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';

const topology = resolved(
  JSON.stringify({
    name: 'lab',
    hosts: { a: 'ssh://a', b: 'ssh://b' },
    switches: { red: { kind: 'vxlan', vni: 1, subnet: '10.1.1.0/24' } },
    stacks: Object.fromEntries(
      ['a', 'b'].map((host, i) => [
        `on-${host}`,
        {
          host,
          networks: { net: { subnet: `172.3${i}.0.0/16`, fabric: 'red' } },
          services: { web: { image: 'busybox', networks: ['net'] } },
        },
      ]),
    ),
  }),
);
const there = appliedWorld(topology, freshWorld(topology));
const told = ({ plan }: { plan?: Plan | undefined }): readonly string[] =>
  plan!.actions.map(a => `${a.verb} ${a.kind} ${a.name}: ${a.cause}`);

test('a fresh plan has no names, which follow; one up later they are all that is left', () => {
  const decision = decided(topology, freshWorld(topology));
  const note = 'name lists follow once the addresses of the containers are known';
  expect(decision.plan!.actions.filter(a => a.kind === 'names')).toEqual([]);
  expect(decision).toMatchObject({ follows: [note], plan: { notes: [note] } });
  expect(decision.resources.filter(r => r.kind === 'names')).toEqual([]);

  const unnamed = changed(there, v => ({ ...v, inventory: { ...v.inventory, nameBlocks: [] } }));
  const next = decided(topology, unnamed);
  expect(told(next)).toEqual([
    'create names on-a/web: drifted: it is gone',
    'create names on-b/web: drifted: it is gone',
  ]);
  expect(onlyFollows(next.plan!)).toBe(true);
});

test('a container that came back with another address: its own list is gone, the others say the old one', () => {
  const moved = changed(there, view => {
    if (view.host !== 'b') return view;
    const containers = view.inventory.containers.map(c => {
      const networks = Object.entries(c.networks).map(([n, e]) => [n, { ...e, ipv4: '172.31.0.9' }]);
      return { ...c, networks: Object.fromEntries(networks) as typeof c.networks };
    });
    return { ...view, inventory: { ...view.inventory, containers, nameBlocks: [] } };
  });
  const { plan } = decided(topology, moved);
  expect(told({ plan })).toEqual([
    'update names on-a/web: what it follows changed: web.on-b',
    'create names on-b/web: drifted: it is gone, and what it follows changed',
  ]);
  expect(plan!.actions[0]!.differences).toEqual([
    { field: 'web.on-b', have: expect.any(String) as string, want: '172.31.0.9' },
  ]);
});

test('while a container is started nothing is said of names but that they follow', () => {
  const stopped = changed(there, view => ({
    ...view,
    inventory: {
      ...view.inventory,
      containers: view.inventory.containers.map(c =>
        view.host === 'b' ? { ...c, state: 'exited', status: 'Exited (1)' } : c,
      ),
    },
  }));
  const decision = decided(topology, stopped);
  expect(told(decision)).toEqual(['update container on-b/web: drifted: state']);
  expect(decision.follows).toHaveLength(1);
});

test('a container that stays and leaves the switch loses its names, in the wave after it changed', () => {
  const off: typeof topology = {
    ...topology,
    switches: [],
    stacks: topology.stacks.map(s => ({
      ...s,
      networks: s.networks.map(({ fabric: _, ...network }) => network),
      services: s.services.map(v => ({ ...v, image: 'other' })),
    })),
  };
  const first = decided(off, there);
  expect(told(first).filter(t => t.includes('names'))).toEqual([]);
  expect(first.follows).toHaveLength(1);

  const same = {
    ...off,
    stacks: off.stacks.map((s, i) => ({ ...s, services: topology.stacks[i]!.services })),
  };
  const wanted = changed(appliedWorld(same, freshWorld(same)), view => {
    const { nameBlocks } = there.views.get(view.host)!.inventory;
    return { ...view, inventory: { ...view.inventory, nameBlocks } };
  });
  expect(told(decided(same, wanted))).toEqual([
    'delete names on-a/web: no longer in the topology',
    'delete names on-b/web: no longer in the topology',
  ]);
});

const action = (id: number, more: Partial<Action> = {}): Action => ({ id, after: [], ...more }) as Action;
const planOf = (actions: readonly Action[], notes: readonly string[] = []): Plan =>
  ({ actions, notes }) as unknown as Plan;
const reportOf = (done: number, failed: number, ...ids: readonly number[]): Report => ({
  outcomes: new Map(ids.map((id): [number, ActionOutcome] => [id, { is: 'done' }])),
  done,
  failed,
  skipped: 0,
  interrupted: false,
});

test('a second wave goes on counting, and both are told as one', () => {
  const first = {
    plan: planOf([action(1, { batch: 1 }), action(2)], ['soon', 'kept']),
    report: reportOf(2, 0, 1, 2),
  };
  const next = numberedAfter(
    planOf([action(1, { batch: 1 }), action(2, { after: [1], batch: 2 })]),
    first.plan,
  );
  expect(next.actions).toMatchObject([
    { id: 3, after: [], batch: 2 },
    { id: 4, after: [3], batch: 3 },
  ]);
  const all = joined(first, { plan: next, report: reportOf(1, 1, 3, 4) }, ['soon']);
  expect(all.plan.actions.map(a => a.id)).toEqual([1, 2, 3, 4]);
  expect(all.plan.notes).toEqual(['kept']);
  expect(all.report).toMatchObject({ done: 3, failed: 1, interrupted: false });
  expect([...all.report.outcomes.keys()]).toEqual([1, 2, 3, 4]);
});
