import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Step, topologicalOrder } from '../../src/core/index.js';
import { type Batchable, batchesOf } from '../../src/plan/batch.js';

const command: Step = { via: 'exec', mutates: true, label: 'x', argv: ['true'] };
const slow: Step = { ...command, alone: true };
const call: Step = { via: 'docker', mutates: true, label: 'x', method: 'POST', path: '/x' };
const at = (host: string, step: Step, ...after: readonly number[]): Batchable => ({
  host,
  steps: [step],
  after,
});

test('a chain on one host is one batch; what waits for another host or a lone action is a later one', () => {
  expect(batchesOf([at('a', command), at('a', command, 0), at('a', command, 1)])).toEqual([1, 1, 1]);
  expect(
    batchesOf([at('a', command), at('b', command, 0), at('a', command, 1), at('a', command, 0)]),
  ).toEqual([1, 2, 3, 1]);
  expect(batchesOf([at('a', command), at('a', call, 0), at('a', command, 1), at('a', command, 0)])).toEqual([
    1,
    undefined,
    2,
    1,
  ]);
  expect(batchesOf([at('a', command), at('a', slow), at('a', command, 1)])).toEqual([1, undefined, 2]);
});

const actions = fc
  .array(
    fc.record({
      host: fc.constantFrom('a', 'b'),
      step: fc.constantFrom(command, call),
      after: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map(list =>
    list.map(({ host, step, after }, i) =>
      at(host, step, ...(i === 0 ? [] : new Set(after.map(n => n % i)))),
    ),
  );

test('batches and lone actions form no circle, and no batch spans hosts', () => {
  fc.assert(
    fc.property(actions, list => {
      const batches = batchesOf(list);
      const unit = (i: number): string => (batches[i] === undefined ? `lone ${i}` : `batch ${batches[i]}`);
      const nodes = [...new Set(list.keys())].map(i => ({ key: unit(i), after: list[i]!.after.map(unit) }));
      const merged = new Map<string, string[]>();
      for (const { key, after } of nodes) merged.set(key, [...(merged.get(key) ?? []), ...after]);
      expect(topologicalOrder([...merged].map(([key, after]) => ({ key, after })))).toHaveProperty('order');
      const hosts = new Map(list.map((action, i) => [unit(i), action.host]));
      expect(list.filter((action, i) => hosts.get(unit(i)) !== action.host)).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
