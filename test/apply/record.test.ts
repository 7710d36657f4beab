import { expect, test } from 'vitest';
import { recordAfter } from '../../src/apply/index.js';
import { type ActionOutcome, specDigest } from '../../src/core/index.js';
import { base, box } from '../fakes/arbitrary.js';
import { planFor } from '../fakes/run.js';
import { World } from '../fakes/world.js';

test('what is done or was as wanted is recorded, what failed keeps its old record, what went is forgotten', () => {
  const world = new World();
  const [same, made, failed] = [0, 1, 2].map(n => base('a', `b${n}`, { subnet: n, tune: n })) as [
    ReturnType<typeof base>,
    ReturnType<typeof base>,
    ReturnType<typeof base>,
  ];
  const [gone, stuck] = ['x0', 'x1'].map(name => box('a', name, { image: 0, limit: 0, bases: [] })) as [
    ReturnType<typeof base>,
    ReturnType<typeof base>,
  ];
  const other = base('b', 'b0', { subnet: 0, tune: 0 });
  for (const { id, mark, spec } of [same, gone, stuck])
    world.place({ id, mark, fields: spec as Record<string, unknown> });
  const wanted = [other, made, failed, same];
  const plan = planFor(world, wanted);
  const outcomes = new Map<number, ActionOutcome>(
    plan.actions.map(a => [
      a.id,
      [failed.id, stuck.id].includes(a.resource) ? { is: 'skipped' } : { is: 'done' },
    ]),
  );
  const before = { [failed.id]: 'old', [gone.id]: 'old', [stuck.id]: 'old', 'a/base/forgotten': 'old' };
  const after = recordAfter(before, 'a', plan, outcomes, wanted);
  expect(after).toEqual({
    [same.id]: specDigest(same),
    [made.id]: specDigest(made),
    [failed.id]: 'old',
    [stuck.id]: 'old',
  });
  expect(Object.keys(after)).toEqual(Object.keys(after).sort());
  expect(recordAfter(undefined, 'b', plan, outcomes, wanted)).toEqual({ [other.id]: specDigest(other) });
});
