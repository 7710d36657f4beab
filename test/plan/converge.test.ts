import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Action,
  type Plan,
  type Report,
  type Resource,
  topologicalOrder,
} from '../../src/core/index.js';
import { unitsOf } from '../../src/apply/units.js';
import { desired, drift } from '../fakes/arbitrary.js';
import { carryOut, planFor, planLines, up } from '../fakes/run.js';
import { type Trouble, World } from '../fakes/world.js';
import { CELLS } from '../fakes/run.js';

const FOREIGN = ['a/base/foreign', 'a/box/foreign', 'b/part/foreign', 'b/set/foreign'];

/** A world that was brought to one state, then left by some of it, with foreign things beside. */
const worlds = fc.record({ first: desired, drifts: drift, second: desired });

async function worldOf(
  first: readonly Resource[],
  drifts: readonly { which: number; vanishes: boolean }[],
): Promise<World> {
  const world = new World(CELLS);
  for (const [i, id] of FOREIGN.entries())
    world.place({ id, fields: { subnet: 100 + i, tune: 0, members: {}, bases: [], base: '' } });
  await up(world, first);
  for (const { which, vanishes } of drifts) {
    const ours = [...world.things.values()].filter(thing => thing.mark !== undefined);
    const thing = ours[which % Math.max(1, ours.length)];
    if (thing && vanishes) world.remove(thing.id);
    else if (thing) world.place({ ...thing, fields: { ...thing.fields, tune: 9, value: 9, limit: 9 } });
  }
  const fresh = world.copy();
  expect(
    planFor(fresh, first).actions.every(a => a.drift || a.verb === 'create' || a.verb === 'update'),
  ).toBe(true);
  return fresh;
}

/** What is in the way of a plan's order: deeds, by resource, that came before what they wait for. */
function outOfOrder(made: Plan, world: World): readonly string[] {
  const deeds = new Map<string, number[]>();
  for (const [i, { id }] of world.history.entries()) deeds.set(id, [...(deeds.get(id) ?? []), i]);
  const lastOf = new Map(made.actions.map(a => [a.resource, a.id]));
  const twice = new Set(made.actions.filter(a => lastOf.get(a.resource) !== a.id).map(a => a.resource));
  // What lets go first, by an action of its own, does so by one deed.
  const deedsOf = ({ resource, id }: Action): readonly number[] => {
    const all = deeds.get(resource) ?? [];
    if (!twice.has(resource)) return all;
    return lastOf.get(resource) === id ? all.slice(1) : all.slice(0, 1);
  };
  return made.actions.flatMap(action =>
    action.after
      .map(id => made.actions[id - 1]!)
      .filter(below => (deedsOf(below).at(-1) ?? -1) > (deedsOf(action)[0] ?? Infinity))
      .map(below => `${action.resource} before ${below.resource}`),
  );
}

/** Exactly what is below a failure is skipped, because of a failed action above it: of several the one that failed first. */
function expectHonest(made: Plan, { outcomes }: Report): void {
  const below = new Map<number, Set<number>>();
  for (const { id, after } of made.actions) {
    const roots = new Set(
      after.flatMap(d => [...(outcomes.get(d)!.is === 'failed' ? [d] : (below.get(d) ?? []))]),
    );
    below.set(id, roots);
    const outcome = outcomes.get(id)!;
    expect(outcome.is === 'skipped').toBe(roots.size > 0);
    if (outcome.is === 'skipped') expect([...roots]).toContain(outcome.because);
  }
}

function expectForeignUntouched(world: World): void {
  expect(FOREIGN.filter(id => !world.things.has(id))).toEqual([]);
  expect(world.history.filter(deed => FOREIGN.includes(deed.id))).toEqual([]);
}

test('after applying, the plan is empty, and nothing was done before what it depends on', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ first, drifts, second }) => {
      const world = await worldOf(first, drifts);
      const { plan, report } = await up(world, second);
      expect({ lines: planLines(plan), failed: report.failed, done: report.done }).toMatchObject({
        failed: 0,
        done: plan.actions.length,
      });
      const again = planFor(world, second);
      expect(planLines(again)).toEqual([]);
      expect(again.unchanged).toBe(second.length);
      expect(outOfOrder(plan, world)).toEqual([]);
      expectForeignUntouched(world);
    }),
    { numRuns: 200 },
  );
});

test.each(['failure', 'crash before', 'crash after'] as const)(
  'a %s at every step in turn: a second run converges',
  async is => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ first, drifts, second }) => {
        const start = await worldOf(first, drifts);
        const smooth = start.copy();
        await up(smooth, second);
        for (let at = 1; at <= smooth.history.length; at++) await stumble(start.copy(), second, { at, is });
      }),
      { numRuns: 40 },
    );
  },
);

async function stumble(world: World, resources: readonly Resource[], trouble: Trouble): Promise<void> {
  const made = planFor(world, resources);
  world.expect(trouble);
  const report = await carryOut(world, made, resources);
  expect(report.failed).toBeGreaterThan(0);
  expectHonest(made, report);
  expect(outOfOrder(made, world)).toEqual([]);
  world.expect(undefined);
  const { plan, report: second } = await up(world, resources);
  expect({ trouble, lines: planLines(plan), failed: second.failed }).toMatchObject({ failed: 0 });
  expect(planLines(planFor(world, resources))).toEqual([]);
  expectForeignUntouched(world);
}

test('removing what was declared gives exactly its deletes', async () => {
  await fc.assert(
    fc.asyncProperty(desired, fc.infiniteStream(fc.boolean()), async (all, coins) => {
      const world = await worldOf(all, []);
      const kept = withWhatTheyNeed(
        all,
        all.filter(() => coins.next().value),
      );
      const made = planFor(world, kept);
      const removed = all.filter(r => !kept.includes(r)).map(r => r.id);
      expect(made.actions.map(a => `${a.verb} ${a.resource}`).sort()).toEqual(
        removed.map(id => `delete ${id}`).sort(),
      );
    }),
    { numRuns: 200 },
  );
});

test('planning for nothing leaves what is foreign, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(desired, drift, async (first, drifts) => {
      const world = await worldOf(first, drifts);
      const { plan, report } = await up(world, []);
      expect(plan.actions.every(a => a.verb === 'delete')).toBe(true);
      expect(report.failed).toBe(0);
      expect([...world.things.keys()]).toEqual(FOREIGN);
      expect([...world.records.values()].flatMap(specs => Object.keys(specs))).toEqual([]);
    }),
  );
});

test('the plan is the same whatever order its input comes in', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.infiniteStream(fc.nat()), async ({ first, drifts, second }, numbers) => {
      const world = await worldOf(first, drifts);
      const shuffled = second.map(r => ({ r, n: numbers.next().value })).sort((a, b) => a.n - b.n);
      const [one, other] = [
        planFor(world, second),
        planFor(
          world,
          shuffled.map(({ r }) => r),
        ),
      ];
      expect(other.digest).toBe(one.digest);
      expect(other).toEqual(one);
    }),
  );
});

test('batches and lone actions never wait for each other in a circle', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ first, drifts, second }) => {
      const made = planFor(await worldOf(first, drifts), second);
      const units = unitsOf(made.actions);
      expect(topologicalOrder(units.map((unit, i) => ({ key: i, after: unit.after })))).toHaveProperty(
        'order',
      );
    }),
  );
});

/** Some resources, and all that they stand on, directly or not. */
function withWhatTheyNeed(all: readonly Resource[], some: readonly Resource[]): readonly Resource[] {
  const ids = new Map(all.map(r => [r.id, r]));
  const kept = new Set<Resource>();
  const keep = (r: Resource): void => {
    kept.add(r);
    const { base, bases, members, peer } = r.spec as {
      base?: string;
      bases?: string[];
      members?: object;
      peer?: string;
    };
    const names = [
      ...[base ?? [], bases ?? []].flat().map(name => `${r.host}/base/${name}`),
      ...Object.keys(members ?? {}).map(name => `${r.host}/part/${name}`),
      ...(peer === undefined ? [] : [peer]),
      `@operator/cell/${r.host}`,
    ];
    for (const id of names) if (ids.has(id)) keep(ids.get(id)!);
  };
  some.forEach(keep);
  return all.filter(r => kept.has(r));
}
