import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schedule } from '../../src/apply/schedule.js';

interface Node {
  readonly id: number;
  readonly after: readonly number[];
  readonly lane: string;
  readonly width: number;
}

const nodes = fc
  .array(
    fc.record({
      lane: fc.constantFrom('x', 'y'),
      after: fc.array(fc.nat(), { maxLength: 3 }),
      ticks: fc.nat(4),
    }),
    { maxLength: 25 },
  )
  .map(list =>
    list.map(({ lane, after, ticks }, id) => ({
      id,
      lane,
      ticks,
      width: lane === 'x' ? 1 : 3,
      after: id === 0 ? [] : [...new Set(after.map(n => n % id))],
    })),
  );

test('every node runs once, after all it waits for, and no lane is overfull', async () => {
  await fc.assert(
    fc.asyncProperty(nodes, async list => {
      const ended = new Set<number>();
      const running = new Map<string, number>();
      await schedule(list, async node => {
        expect(node.after.filter(id => !ended.has(id))).toEqual([]);
        running.set(node.lane, (running.get(node.lane) ?? 0) + 1);
        expect(running.get(node.lane)).toBeLessThanOrEqual(node.width);
        for (let i = 0; i < node.ticks; i++) await Promise.resolve();
        running.set(node.lane, running.get(node.lane)! - 1);
        expect(ended.has(node.id)).toBe(false);
        ended.add(node.id);
      });
      expect(ended.size).toBe(list.length);
    }),
  );
});

test('lanes go side by side, and each is used to its width', async () => {
  const list: readonly Node[] = Array.from({ length: 8 }, (_, id) => ({
    id,
    after: [],
    lane: id < 4 ? 'x' : 'y',
    width: 2,
  }));
  const started: number[] = [];
  let release = (): void => {};
  const gate = new Promise<void>(resolve => (release = resolve));
  const all = schedule(list, node => {
    started.push(node.id);
    return gate;
  });
  await Promise.resolve();
  expect(started).toEqual([0, 1, 4, 5]);
  release();
  await all;
  expect(started.length).toBe(8);
});

test('what a node throws comes out, and nothing more is started', async () => {
  const list: readonly Node[] = [0, 1].map(id => ({ id, after: [], lane: 'x', width: 1 }));
  const started: number[] = [];
  const all = schedule(list, node => {
    started.push(node.id);
    return Promise.reject(new Error('a bug'));
  });
  await expect(all).rejects.toThrow('a bug');
  expect(started).toEqual([0]);
});
