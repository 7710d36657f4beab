import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action, Plan } from '../../src/core/index.js';
import { focus, type Selector } from '../../src/plan/index.js';
import { base, box, cell, desired, part, set } from '../fakes/arbitrary.js';
import { carryOut, CELLS, planFor, planLines, up } from '../fakes/run.js';
import { World } from '../fakes/world.js';

const b0 = base('a', 'b0', { subnet: 0, tune: 0 });
const p0 = part('a', 'p0', { base: 'b0', shape: 0, value: 0 });
const x0 = box('a', 'x0', { image: 0, limit: 0, bases: ['b0'] });
const x1 = box('a', 'x1', { image: 0, limit: 0, bases: ['b0'] });
const s0 = set('a', 's0', { members: { p0: 1 } });
const far = base('b', 'b0', { subnet: 0, tune: 0 });
const lab = cell('c', { engine: 0 });
const inLab = base('c', 'b0', { subnet: 0, tune: 0 });

const only = (kind: string, name: string): Selector => ({ is: 'resource', kind, name });
const host = (name: string): Selector => ({ is: 'host', name });

function focused(
  made: Plan,
  targets: readonly Selector[],
  excludes: readonly Selector[] = [],
): readonly string[] {
  const { plan } = focus(made, { targets, excludes });
  return [...planLines(plan), ...plan.notes];
}

async function worldWith(...resources: Parameters<typeof up>[1]): Promise<World> {
  const world = new World(CELLS);
  await up(world, resources);
  return world;
}

test('nothing asked for is the plan itself', () => {
  const made = planFor(new World(), [b0, far]);
  expect(focus(made, { targets: [], excludes: [] })).toEqual({ plan: made, leftOut: [] });
});

test('what a target needs comes along and is named; the rest is left out, and the digest is another', () => {
  const made = planFor(new World(), [b0, p0, x0, s0, far]);
  expect(focused(made, [only('set', 's0')])).toEqual([
    '#1 [1]: create a/base/b0, not there yet',
    '#2 after 1 [1]: create a/part/p0, not there yet',
    '#3 after 2 [1]: create a/set/s0, not there yet',
    'comes along with what was asked for, on a: base b0, part p0',
    'left out: 2 actions on a, b',
  ]);
  expect(focus(made, { targets: [only('set', 's0')], excludes: [] }).plan.digest).not.toBe(made.digest);
});

test('what needs something excluded is left out with it; excluding wins', () => {
  const made = planFor(new World(), [b0, p0, x0, s0, far]);
  expect(focused(made, [host('a')], [only('part', 'p0')])).toEqual([
    '#1 [1]: create a/base/b0, not there yet',
    '#2 after 1: create a/box/x0, not there yet',
    'left out with what was excluded, on a: set s0',
    'left out: 3 actions on a, b',
  ]);
});

test('a host that is itself a resource comes along with what is on it, and is meant by its own name', () => {
  const made = planFor(new World(CELLS), [lab, inLab, b0]);
  const along = [
    '#1 [1]: create @operator/cell/c, not there yet',
    '#2 after 1 [2]: create c/base/b0, not there yet',
  ];
  expect(focused(made, [host('c')])).toEqual([
    ...along,
    'comes along with what was asked for, on @operator: cell c',
    'left out: 1 action on a',
  ]);
});

test('a stray is not deleted because something else is asked for', async () => {
  const world = await worldWith(base('a', 'b1', { subnet: 5, tune: 0 }));
  expect(focused(planFor(world, [b0]), [only('base', 'b0')])).toEqual([
    '#1 [1]: create a/base/b0, not there yet',
    'left out: 1 action on a',
  ]);
});

test('no half measures: what a replacement takes along is mended with it, or both are left out', async () => {
  const world = await worldWith(b0, x0, x1);
  const moved = base('a', 'b0', { subnet: 7, tune: 0 });
  const made = planFor(world, [moved, x0, x1]);
  expect(focused(made, [only('box', 'x0')]).at(-1)).toBe(
    'comes along with what was asked for, on a: base b0, box x1',
  );
  expect(focused(made, [], [only('box', 'x0')])).toEqual([
    'left out with what was excluded, on a: base b0, box x1',
    'left out: 3 actions on a',
  ]);
});

const selectors = fc.array(
  fc.oneof(
    fc.constantFrom('a', 'b', 'c').map(host),
    fc
      .tuple(fc.constantFrom('base', 'part', 'box', 'set', 'cell'), fc.integer({ min: 0, max: 2 }))
      .map(([kind, n]) => only(kind, `${kind === 'box' ? 'x' : kind[0]!}${n}`)),
  ),
  { maxLength: 3 },
);

test('a part of a plan works by itself, breaks nothing that was left out, and the rest follows later', async () => {
  await fc.assert(
    fc.asyncProperty(desired, desired, selectors, selectors, async (first, second, targets, excludes) => {
      const world = await worldWith(...first);
      const made = planFor(world, second);
      const { plan, leftOut } = focus(made, { targets, excludes });
      expect(plan.actions.length + leftOut.length).toBe(made.actions.length);
      expect(unmet(made, plan)).toEqual([]);
      const report = await carryOut(world, plan, second, [], leftOut);
      // What was left out may hold what is needed; then that is said, and it stops there.
      if (report.failed === 0) {
        const rest = planFor(world, second);
        const known = new Set(leftOut.map(a => a.resource));
        // What a replacement would have put right by the way has no action of its own in the whole plan.
        const whole = new Set(made.actions.map(a => a.resource));
        const byTheWay = (a: Action): boolean =>
          leftOut.some(l => l.verb === 'replace' || l.verb === 'delete') && !whole.has(a.resource);
        expect(rest.actions.filter(a => !known.has(a.resource) && !byTheWay(a))).toEqual([]);
        if (!plan.actions.some(a => a.verb === 'delete'))
          expect(focus(rest, { targets, excludes }).plan.actions).toEqual([]);
      }
      await up(world, second);
      expect(planLines(planFor(world, second))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

/** Actions of a part that wait for something else than what they waited for in the whole, deletes of strays apart. */
function unmet(whole: Plan, of: Plan): readonly string[] {
  const keyOf = (a: Action): string => `${a.resource}: ${a.cause}`;
  const byId = new Map(whole.actions.map(a => [a.id, a]));
  const chosen = new Map(of.actions.map(a => [keyOf(a), a]));
  const last = new Map(whole.actions.map(a => [a.resource, a]));
  const isStray = (a: Action): boolean => a.verb === 'delete' && last.get(a.resource) === a;
  return whole.actions.flatMap(action => {
    const part = chosen.get(keyOf(action));
    const needs = action.after.map(id => byId.get(id)!).filter(a => !isStray(a));
    const waits = new Set((part?.after ?? []).map(id => keyOf(of.actions[id - 1]!)));
    const missing = (a: Action): boolean => part !== undefined && !waits.has(keyOf(a));
    return needs.filter(missing).map(a => `${keyOf(action)} without ${keyOf(a)}`);
  });
}
