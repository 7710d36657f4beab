import { expect, test } from 'vitest';
import { planToJson } from '../../src/render/index.js';
import { action, EVERY_SORT, planOf } from './samples.js';

test('the shape of plan --json', async () => {
  await expect(`${JSON.stringify(planToJson(EVERY_SORT, 2), undefined, 2)}\n`).toMatchFileSnapshot(
    'expected/plan.json',
  );
});

test('no body, content or stdin of a step comes along', () => {
  const steps = [
    {
      via: 'docker',
      mutates: true,
      label: 'create',
      method: 'POST',
      path: '/containers/create',
      body: { Env: ['PASSWORD=hush'] },
    },
    { via: 'file', mutates: true, label: 'write', path: '/x', mode: 0o600, content: 'hush' },
    { via: 'exec', mutates: true, label: 'run', argv: ['cat'], stdin: 'hush' },
  ] as const;
  const text = JSON.stringify(planToJson(planOf([action(1, { steps })]), 1));
  expect(text).not.toContain('hush');
  expect(text).toContain('"label":"create"');
});
