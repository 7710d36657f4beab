import { expect, test } from 'vitest';
import { renderPlan } from '../../src/render/index.js';
import { action, EVERY_SORT, planOf } from './samples.js';

test('every sort of action stands in its place', async () => {
  await expect(`${renderPlan(EVERY_SORT, { color: false, hosts: 2 })}\n`).toMatchFileSnapshot(
    'expected/plan.txt',
  );
});

test('with colour the text is the same and the signs are coloured', async () => {
  await expect(`${renderPlan(EVERY_SORT, { color: true, hosts: 2 })}\n`).toMatchFileSnapshot(
    'expected/plan-color.txt',
  );
});

test('nothing to do is one sentence', () => {
  const text = renderPlan(planOf([], { unchanged: 34 }), { color: false, hosts: 3 });
  expect(text).toBe('No changes: 34 resources on 3 hosts are as the topology says.');
});

test('nothing there and nothing wanted', () => {
  expect(renderPlan(planOf([]), { color: false, hosts: 2 })).toBe(
    'Nothing to do: two-sites has nothing on 2 hosts.',
  );
});

test('one host, one resource: singular', () => {
  const text = renderPlan(planOf([], { unchanged: 1 }), { color: false, hosts: 1 });
  expect(text).toBe('No changes: 1 resource on 1 host is as the topology says.');
});

test('replacements are counted only where there are any', () => {
  expect(renderPlan(planOf([action(1, {})]), { color: false, hosts: 1 })).toMatch(
    /^Plan: 1 to add, 0 to change, 0 to remove on 1 host$/m,
  );
});

test('what a host says cannot drive the terminal', () => {
  const evil = action(1, {
    cause: 'drifted: \u001b[2Jgone\u0007',
    differences: [{ field: 'x', have: 'a\nb', want: '' }],
  });
  const text = renderPlan(planOf([evil]), { color: false, hosts: 1 });
  expect(text).toContain('drifted: gone·');
  expect(text).toContain('x: a⏎b → (none)');
});
