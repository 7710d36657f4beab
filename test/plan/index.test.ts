import { expect, test } from 'vitest';
import { OPERATOR, type Plan, type Resource, TopoError } from '../../src/core/index.js';
import { observe } from '../../src/observe/index.js';
import { plan, type PlanOptions } from '../../src/plan/index.js';
import { base, box, cell, part, set } from '../fakes/arbitrary.js';
import { fakeRegistry } from '../fakes/kinds.js';
import { CELLS, HOST_RESOURCE, planFor, planLines, up } from '../fakes/run.js';
import { World } from '../fakes/world.js';

const b0 = base('a', 'b0', { subnet: 0, tune: 0 });
const p0 = part('a', 'p0', { base: 'b0', shape: 0, value: 0 });
const x0 = box('a', 'x0', { image: 0, limit: 0, bases: ['b0'] });
const s0 = set('a', 's0', { members: { p0: 1 } });
const lab = cell('c', { engine: 0 });
const inLab = base('c', 'b0', { subnet: 0, tune: 0 });

async function worldWith(...resources: readonly Resource[]): Promise<World> {
  const world = new World(CELLS);
  await up(world, resources);
  return world;
}

const lines = (world: World, resources: readonly Resource[], options?: PlanOptions): readonly string[] =>
  planLines(planFor(world, resources, options));
const touch = (world: World, id: string, fields: object): void => {
  const thing = world.things.get(id)!;
  world.place({ ...thing, fields: { ...thing.fields, ...fields } });
};

test('what is absent is created from the bottom up, batched where steps allow', () => {
  expect(lines(new World(), [s0, x0, p0, b0])).toEqual([
    '#1 [1]: create a/base/b0, not there yet',
    '#2 after 1: create a/box/x0, not there yet',
    '#3 after 1 [1]: create a/part/p0, not there yet',
    '#4 after 3 [1]: create a/set/s0, not there yet',
  ]);
});

test('what left the record has drifted, and is told by its fields', async () => {
  const world = await worldWith(b0, x0);
  touch(world, b0.id, { tune: 7 });
  world.remove(x0.id);
  expect(lines(world, [b0, x0])).toEqual([
    '#1 [1]: update a/base/b0, drifted: tune',
    '#2 after 1: create a/box/x0, drifted: it is gone',
  ]);
  expect(planFor(world, [b0, x0]).actions.map(a => a.drift)).toEqual([true, true]);
});

test('what the file changed is told by its fields, and by the one that forces a replacement', async () => {
  const world = await worldWith(b0, p0);
  const [wider, other] = [
    base('a', 'b0', { subnet: 0, tune: 3 }),
    part('a', 'p0', { base: 'b0', shape: 5, value: 6 }),
  ];
  const made = planFor(world, [wider, other]);
  expect(planLines(made)).toEqual([
    '#1 [1]: update a/base/b0, the file changed: tune',
    '#2 after 1 [1]: replace a/part/p0, the file changed: shape, value',
  ]);
  expect(made.actions.map(a => [a.drift, a.destructive])).toEqual([
    [false, false],
    [false, true],
  ]);
  expect(made.actions[1]!.differences).toEqual([
    { field: 'shape', have: '0', want: '5', replace: true },
    { field: 'value', have: '0', want: '6' },
  ]);
});

test('without a record a difference is just that; a record of something else says the file changed too', async () => {
  const world = await worldWith(b0);
  touch(world, b0.id, { tune: 7 });
  world.remove(x0.id);
  world.records.set('a', { [x0.id]: 'older' });
  expect(lines(world, [b0, x0])).toEqual([
    '#1 [1]: update a/base/b0, differs: tune',
    '#2 after 1: create a/box/x0, not there, and the file changed',
  ]);
});

test('a replacement ripples to all that stands on it', async () => {
  const world = await worldWith(b0, p0, x0, s0);
  expect(lines(world, [base('a', 'b0', { subnet: 9, tune: 0 }), p0, x0, s0])).toEqual([
    '#1 [1]: replace a/base/b0, the file changed: subnet',
    '#2 after 1: update a/box/x0, base b0 is replaced: it is connected again',
    '#3 after 1 [1]: create a/part/p0, base b0 is replaced: a part goes with its base',
    '#4 after 3 [1]: update a/set/s0, part p0 is replaced: it is a member',
  ]);
});

test('strays go from the top down, and before what is made of their kind or below', async () => {
  const world = await worldWith(b0, p0, x0, s0);
  expect(lines(world, [base('a', 'b9', { subnet: 0, tune: 0 })])).toEqual([
    '#1 [1]: delete a/set/s0, no longer in the topology',
    '#2 after 1 [1]: delete a/part/p0, no longer in the topology',
    '#3 after 1: delete a/box/x0, no longer in the topology',
    '#4 after 2,3 [2]: delete a/base/b0, no longer in the topology',
    '#5 after 4 [2]: create a/base/b9, not there yet',
  ]);
});

test('an action waits for what lies below unchanged resources, too', async () => {
  const world = await worldWith(b0, p0);
  const made = planFor(world, [base('a', 'b0', { subnet: 0, tune: 1 }), p0, s0]);
  expect(planLines(made)).toEqual([
    '#1 [1]: update a/base/b0, the file changed: tune',
    '#2 after 1 [1]: create a/set/s0, not there yet',
  ]);
  expect(made.unchanged).toBe(1);
});

test('what is on a host comes after the host, whether or not it says so', async () => {
  expect(lines(new World(CELLS), [inLab, lab])).toEqual([
    '#1 [1]: create @operator/cell/c, not there yet',
    '#2 after 1 [2]: create c/base/b0, not there yet',
  ]);
  const world = await worldWith(lab, inLab);
  expect(lines(world, [inLab, cell('c', { engine: 1 })])).toEqual([
    '#1 [1]: replace @operator/cell/c, the file changed: engine',
    '#2 after 1 [2]: create c/base/b0, cell c is replaced: everything on it goes with it',
  ]);
});

test('a host that goes is emptied first, or takes all along', async () => {
  const world = await worldWith(
    lab,
    inLab,
    base('c', 'b1', { subnet: 1, tune: 0 }),
    part('c', 'p0', { base: 'b0', shape: 0, value: 0 }),
  );
  expect(lines(world, [])).toEqual([
    '#1 [1]: delete c/part/p0, no longer in the topology',
    '#2 after 1 [1]: delete c/base/b0, no longer in the topology',
    '#3 after 1 [1]: delete c/base/b1, no longer in the topology',
    '#4 after 1,2,3 [2]: delete @operator/cell/c, no longer in the topology',
  ]);
  const made = planFor(world, [], { goneHosts: new Set(['c']) });
  expect(planLines(made)).toEqual(['#1 [1]: delete @operator/cell/c, no longer in the topology']);
  expect(made.notes).toEqual(['goes with host c: 2 bases, 1 part']);
  const staying = planFor(world, [lab], { goneHosts: new Set(['c']) });
  expect(staying.actions.map(a => a.verb)).toEqual(['delete', 'delete', 'delete']);
  const replacing = planFor(world, [cell('c', { engine: 1 })]);
  expect(replacing.actions.map(a => a.verb)).toEqual(['replace']);
  expect(replacing.notes).toEqual(['goes with host c: 2 bases, 1 part']);
});

test('what is kept on purpose is said and not deleted', async () => {
  const world = await worldWith(b0, x0);
  const made = planFor(world, [], { keep: stray => (stray.kind === 'base' ? '-v removes it' : undefined) });
  expect(planLines(made)).toEqual(['#1: delete a/box/x0, no longer in the topology']);
  expect(made.notes).toEqual(['keeps base b0 on a: -v removes it']);
});

test('something foreign in the way, or something unknown, and nothing is planned', () => {
  const world = new World();
  world.place({ id: b0.id, fields: {} });
  expect(() => planFor(world, [x0, b0])).toThrow("taken base b0 can't be made: an unmarked base called b0");
  const observed = observe({ topology: 'fake', resources: [b0, x0], views: [], registry: fakeRegistry });
  const { plan: none, diagnostics } = plan({
    topology: 'fake',
    resources: [b0, x0],
    observed,
    views: [],
    registry: fakeRegistry,
  });
  expect(none).toBeUndefined();
  expect(diagnostics.map(d => [d.severity, d.code, d.host])).toEqual([
    ['error', 'host.unread', 'a'],
    ['error', 'host.unread', 'a'],
  ]);
});

test('planning for nothing deletes all that is ours', async () => {
  const world = await worldWith(lab, inLab, b0);
  const views = [OPERATOR, 'a', 'c'].map(host => world.view(host));
  const observed = observe({ topology: 'fake', resources: [], views, registry: fakeRegistry });
  const down = plan({
    topology: 'fake',
    resources: [],
    observed,
    views,
    registry: fakeRegistry,
    options: { hostResource: HOST_RESOURCE },
  });
  expect(down.plan!.actions.map(a => `${a.verb} ${a.resource}`)).toEqual([
    'delete a/base/b0',
    'delete c/base/b0',
    'delete @operator/cell/c',
  ]);
});

test('resources in a circle, or twice, are bugs that name them', () => {
  const circle = [
    set('a', 's0', { members: {}, peer: 'a/set/s1' }),
    set('a', 's1', { members: {}, peer: 'a/set/s0' }),
  ];
  const blame = (resources: readonly Resource[]): unknown => {
    try {
      return planFor(new World(), resources);
    } catch (error) {
      return error instanceof TopoError ? `${error.who} ${error.message}` : error;
    }
  };
  expect(blame(circle)).toMatch(
    /^topo resources wait for each other: a\/set\/s[01] → a\/set\/s[01] → a\/set\/s[01]$/,
  );
  expect(blame([b0, b0])).toBe('topo two resources are called a/base/b0');
});

/** `hosts` hosts, each with bases, boxes connected to them, parts on them and sets of those. */
function many(hosts: number, each: number): readonly Resource[] {
  return Array.from({ length: hosts }, (_, h) => `h${h}`).flatMap(host =>
    Array.from({ length: each }, (_, i) => [
      base(host, `b${i}`, { subnet: i, tune: 0 }),
      part(host, `p${i}`, { base: `b${i}`, shape: 0, value: 0 }),
      box(host, `x${i}`, { image: 0, limit: 0, bases: [`b${i}`, `b${(i * 7) % each}`] }),
      set(host, `s${i}`, { members: { [`p${i}`]: 1, [`p${(i * 3) % each}`]: 1 } }),
    ]).flat(),
  );
}

function timed(resources: readonly Resource[], world: World, hosts: number): { ms: number; made: Plan } {
  const views = Array.from({ length: hosts }, (_, h) => world.view(`h${h}`));
  const start = performance.now();
  const observed = observe({ topology: 'fake', resources, views, registry: fakeRegistry });
  const made = plan({ topology: 'fake', resources, observed, views, registry: fakeRegistry }).plan!;
  return { ms: performance.now() - start, made };
}

test.each([10, 1])('5,000 resources on %i hosts are planned in well under a second, up and down', hosts => {
  const resources = many(hosts, 1250 / hosts);
  const world = new World();
  timed(resources, world, hosts);
  const create = timed(resources, world, hosts);
  expect(create.made.actions.length).toBe(5000);
  expect(create.ms).toBeLessThan(10_000);
  for (const { id, mark, spec } of resources)
    world.place({ id, mark, fields: spec as Record<string, unknown> });
  const nothing = timed(resources, world, hosts);
  expect([nothing.made.actions.length, nothing.made.unchanged]).toEqual([0, 5000]);
  expect(nothing.ms).toBeLessThan(10_000);
  const down = timed([], world, hosts);
  expect(down.made.actions.length).toBe(5000);
  expect(down.ms).toBeLessThan(10_000);
});
