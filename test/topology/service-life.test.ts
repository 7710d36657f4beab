import { expect, test } from 'vitest';
import { read, service } from './reading.js';

const FREE = { condition: 'started', required: true, restart: false };

test.each([
  ['[db, cache]', { db: FREE, cache: FREE }],
  ['[]', {}],
  [
    '{ db: { condition: service_healthy }, cache: { condition: service_completed_successfully, required: false, restart: true } }',
    {
      db: { ...FREE, condition: 'healthy' },
      cache: { condition: 'completed', required: false, restart: true },
    },
  ],
])('depends_on: %s', (value, dependsOn) => {
  const { topology, diagnostics } = read(
    `hosts: { h: local }\nstacks: { s: { host: h, services: { web: { image: x, depends_on: ${value} }, db: { image: x }, cache: { image: x } } } }`,
  );
  expect(diagnostics).toEqual([]);
  expect(topology!.stacks['s']!.services['web']!.dependsOn).toEqual(dependsOn);
});

test.each([
  ['[]', []],
  ['[{ command: "echo a b" }]', [{ command: ['echo', 'a', 'b'], privileged: false, environment: {} }]],
  [
    '[{ command: [x], user: 5, privileged: true, working_dir: /srv, environment: [A=1, B] }]',
    [{ command: ['x'], user: '5', privileged: true, workingDir: '/srv', environment: { A: '1', B: null } }],
  ],
])('post_start: %s', (value, hooks) => {
  expect(service(`post_start: ${value}`).postStart).toEqual(hooks);
});
