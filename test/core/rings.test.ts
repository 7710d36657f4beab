import { expect, test } from 'vitest';
import { jointsOf } from '../../src/core/index.js';

test('a way is the shortest by what was joined', () => {
  const joints = jointsOf([
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'd'],
    ['e', 'f'],
  ]);
  expect(joints.wayBetween('a', 'd')).toEqual(['a', 'b', 'c', 'd']);
  expect(joints.wayBetween('a', 'f')).toBeUndefined();
  expect(joints.wayBetween('a', 'nobody')).toBeUndefined();
  joints.join(['d', 'a']);
  expect(joints.wayBetween('a', 'd')).toEqual(['a', 'd']);
  joints.join(['f', 'c']);
  expect(joints.wayBetween('e', 'a')).toHaveLength(5);
});

test('ten thousand things that are joined to one are told apart at once', () => {
  const joints = jointsOf();
  const begun = process.cpuUsage();
  for (let n = 0; n < 10_000; n += 1) {
    expect(joints.wayBetween(`${n}`, 'hub') ?? 'none').toBe('none');
    joints.join(n % 2 === 0 ? ['hub', `${n}`] : [`${n}`, 'hub']);
  }
  // Where each was looked for among all that were joined before it took minutes.
  expect(process.cpuUsage(begun).user / 1e6).toBeLessThan(5);
});
