import { expect, test } from 'vitest';
import { renderSandboxes, renderSshConfig } from '../../src/render/index.js';

const state = {
  name: 'lab1',
  topology: '',
  address: '198.18.0.2',
  engine: '',
  running: true,
  kept: false,
  problems: [],
};

test('sandboxes with what is wrong with them', async () => {
  const states = [
    state,
    {
      ...state,
      name: 'lab2',
      topology: 'two-sites',
      engine: '/opt/docker-26/bin',
      problems: ['sshd is not running', 'no engine'],
    },
    { ...state, name: 'lab3', running: false },
  ];
  await expect(`${renderSandboxes(states, { color: false })}\n`).toMatchFileSnapshot(
    'expected/sandboxes.txt',
  );
  expect(renderSandboxes([], { color: false })).toBe('No sandbox hosts are on this machine.');
});

test('a block of ssh config each', () => {
  const login = { name: 'lab1', address: '198.18.0.2', user: 'root', key: '/run/k', knownHosts: '/run/h' };
  const text = renderSshConfig([login, { ...login, name: 'lab2' }]);
  expect(text.split('\n\n').map(block => block.split('\n')[0])).toEqual(['Host lab1', 'Host lab2']);
  expect(text).toContain('  StrictHostKeyChecking yes');
});
