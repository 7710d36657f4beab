import { expect, test } from 'vitest';
import { describeStep, type Step } from '../../src/core/index.js';

const secret = 'hunter2';
const steps: readonly (readonly [Step, string])[] = [
  [{ via: 'exec', mutates: true, label: '', argv: ['ip', 'link', 'add', 'a b'] }, "ip link add 'a b'"],
  [
    {
      via: 'exec',
      mutates: true,
      label: '',
      argv: ['ip', '-batch', '-'],
      stdin: secret,
      netns: { container: 'a/container/c' },
    },
    'nsenter --net=<a/container/c> ip -batch - < …',
  ],
  [{ via: 'script', mutates: true, label: '', name: 'fdb', args: ['x', ''], stdin: secret }, "fdb x '' < …"],
  [
    {
      via: 'docker',
      mutates: true,
      label: '',
      method: 'POST',
      path: '/containers/create?name=x',
      body: { Env: [`P=${secret}`] },
      headers: { 'X-Registry-Auth': secret },
    },
    'POST /containers/create?name=x',
  ],
  [
    { via: 'file', mutates: true, label: '', path: '/etc/x', mode: 0o600, content: secret },
    'write /etc/x (mode 0600)',
  ],
  [
    {
      ...{ via: 'copy', mutates: true, label: '', container: 'c', directory: '/' },
      files: [{ path: '/run/secrets/a', uid: 0, gid: 0, mode: 0o444, content: 'c2VjcmV0' }],
    },
    'copy /run/secrets/a into c',
  ],
  [{ via: 'stream', mutates: true, label: '', name: 'pull', args: ['nginx:alpine'] }, 'pull nginx:alpine'],
];

test.each(steps)('a step is told in one line, without what may be secret: %#', (step, line) => {
  expect(describeStep(step)).toBe(line);
  expect(describeStep(step)).not.toContain(secret);
});
