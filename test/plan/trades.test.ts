import { expect, test } from 'vitest';
import { aroundClaim, type Plan, type Resource, subnetClaim } from '../../src/core/index.js';
import { focus, movedBetween, saveActions, type SavedAction } from '../../src/plan/index.js';
import { base, box, part } from '../fakes/arbitrary.js';
import { CELLS, carryOut, planFor, planLines, up } from '../fakes/run.js';
import { World } from '../fakes/world.js';

const b = (name: string, subnet: number): Resource => base('a', name, { subnet, tune: 0 });
const x = (name: string, port: number | null, image = 0): Resource =>
  box('a', name, { image, limit: 0, bases: [], port });

async function from(before: readonly Resource[], after: readonly Resource[]): Promise<[World, Plan]> {
  const world = new World(CELLS);
  await up(world, before);
  return [world, planFor(world, after)];
}

async function settles(world: World, made: Plan, after: readonly Resource[]): Promise<void> {
  expect((await carryOut(world, made, after)).failed).toBe(0);
  expect(planLines(planFor(world, after))).toEqual([]);
}

test('who takes over something waits for who lets go of it, all along a chain', async () => {
  const after = [b('b0', 1), b('b1', 2), b('b2', 3)];
  const [world, made] = await from([b('b0', 0), b('b1', 1), b('b2', 2)], after);
  expect(planLines(made)).toEqual([
    '#1 [1]: replace a/base/b2, the file changed: subnet',
    '#2 after 1 [1]: replace a/base/b1, the file changed: subnet',
    '#3 after 2 [1]: replace a/base/b0, the file changed: subnet',
  ]);
  await settles(world, made, after);
});

test('two that are replaced and exchange something both let go first, for a named reason', async () => {
  const after = [b('b0', 1), b('b1', 0), part('a', 'p0', { base: 'b0', shape: 0, value: 0 })];
  const [world, made] = await from([b('b0', 0), b('b1', 1), after[2]!], after);
  expect(planLines(made)).toEqual([
    '#1 [1]: delete a/base/b0, makes room: number 0 goes to base b1',
    '#2 [1]: delete a/base/b1, makes room: number 1 goes to base b0',
    '#3 after 1,2 [1]: create a/base/b0, the file changed: subnet',
    '#4 after 1,2 [1]: create a/base/b1, the file changed: subnet',
    '#5 after 3 [1]: create a/part/p0, base b0 is replaced: a part goes with its base',
  ]);
  expect(made.actions.map(a => a.destructive)).toEqual([true, true, false, false, false]);
  expect(made.actions[2]!.differences).toEqual([{ field: 'subnet', have: '0', want: '1', replace: true }]);
  await settles(world, made, after);
});

test('what changes in place lets go in place, and nothing is destroyed', async () => {
  const after = [x('x0', 1), x('x1', 0)];
  const [world, made] = await from([x('x0', 0), x('x1', 1)], after);
  expect(planLines(made)).toEqual([
    '#1: update a/box/x0, makes room: port 0 goes to box x1',
    '#2: update a/box/x1, makes room: port 1 goes to box x0',
    '#3 after 1,2: update a/box/x0, the file changed: port',
    '#4 after 1,2: update a/box/x1, the file changed: port',
  ]);
  expect(made.actions.some(a => a.destructive)).toBe(false);
  await settles(world, made, after);
});

test('of a circle only what is on it is taken apart', async () => {
  const after = [x('x0', 1), x('x1', 0, 5), x('x2', 7), x('x3', 2)];
  const [world, made] = await from([x('x0', 0), x('x1', 1), x('x2', 2), x('x3', 3)], after);
  expect(made.actions.map(a => `${a.verb} ${a.name}`).sort()).toEqual(
    ['update x0', 'update x0', 'delete x1', 'create x1', 'update x2', 'update x3'].sort(),
  );
  await settles(world, made, after);
});

test('where the first half was done and the second was not, one more run does the rest', async () => {
  const after = [b('b0', 1), b('b1', 0)];
  const [world, made] = await from([b('b0', 0), b('b1', 1)], after);
  world.expect({ at: 3, is: 'crash before' });
  await carryOut(world, made, after);
  expect([...world.things.keys()]).toEqual([]);
  world.expect(undefined);
  await settles(world, planFor(world, after), after);
});

test('a part of an exchange brings the whole of it along, and nothing of it is done without the other', async () => {
  const [, made] = await from([b('b0', 0), b('b1', 1)], [b('b0', 1), b('b1', 0)]);
  const b0 = [{ is: 'resource', kind: 'base', name: 'b0' }] as const;
  expect(focus(made, { targets: b0, excludes: [] }).plan.actions.length).toBe(4);
  expect(focus(made, { targets: [], excludes: b0 }).plan.actions).toEqual([]);
});

test('a saved plan tells the two halves of a resource apart', async () => {
  const saved = async (...after: readonly Resource[]): Promise<readonly SavedAction[]> =>
    saveActions((await from([b('b0', 0), b('b1', 1)], after))[1].actions, text => text);
  const exchange = await saved(b('b0', 1), b('b1', 0));
  expect(movedBetween(exchange, await saved(b('b0', 1), b('b1', 0)))).toEqual([]);
  expect(movedBetween(exchange, await saved(b('b0', 1), b('b1', 2)))).toEqual([
    'vanished: delete base b0 on a (makes room: number 0 goes to base b1)',
    'vanished: delete base b1 on a (makes room: number 1 goes to base b0)',
    'changed: replace base b1 on a: it was to create (the file changed: subnet), now it is to replace (the file changed: subnet)',
    'changed: replace base b0 on a: it was to create (the file changed: subnet), now it is to replace (the file changed: subnet)',
  ]);
});

test('subnets are in the way of each other where they overlap, all else where it is the same', () => {
  const meet = (one: string, other: string): boolean =>
    aroundClaim(one).includes(other) || aroundClaim(other).includes(one);
  expect(meet(subnetClaim('10.1.2.0/24'), subnetClaim('10.1.0.0/16'))).toBe(true);
  expect(meet(subnetClaim('10.1.0.9/16'), subnetClaim('10.1.128.0/17'))).toBe(true);
  expect(meet(subnetClaim('10.1.0.0/17'), subnetClaim('10.1.128.0/17'))).toBe(false);
  expect(meet(subnetClaim('fd00::/64'), subnetClaim('FD00:0:0::/48'))).toBe(true);
  expect(meet('port 80/tcp', 'port 8080/tcp')).toBe(false);
});
