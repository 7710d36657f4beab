import { expect, test } from 'vitest';
import { parseOffloads } from '../../src/tools/index.js';

test('devices that leave checksums to others are told by the namespace that they are in', () => {
  expect(
    parseOffloads('in -\neth0\nt1\nin /run/docker/netns/a\neth1\neth1 joins\nin /run/docker/netns/b\n'),
  ).toEqual([
    { device: 'eth0' },
    { device: 't1' },
    { device: 'eth1', path: '/run/docker/netns/a' },
    { device: 'eth1', path: '/run/docker/netns/a', joins: true },
  ]);
  expect(parseOffloads('')).toEqual([]);
});
