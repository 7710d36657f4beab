import { expect, it } from 'vitest';
import { limiter } from '../../src/hosts/limiter.js';

it('runs no more than its size at a time, in order, also after failures', async () => {
  const slot = limiter(3);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      slot(async () => {
        started.push(i);
        most = Math.max(most, ++running);
        await new Promise(resolve => setTimeout(resolve, i % 4));
        running--;
        if (i % 5 === 0) throw new Error('failed');
        return i;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(started).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(results.filter(r => r.status === 'rejected')).toHaveLength(4);
});
