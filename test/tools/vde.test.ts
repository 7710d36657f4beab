import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseVde } from '../../src/tools/index.js';

/**
 * Recorded with vde2 2.3.2 on Debian 12, kernel 6.18: one switch killed, one told everything there is, one of somebody else's; of the
 * plugs one has lost its tap, one has VLANs, one is in another namespace, one is on a switch that is not asked, and one is dead.
 */
const VDE = parseVde(readFileSync(new URL('data/vde.txt', import.meta.url), 'utf8'), 'lab');

test('switches as they are, dead ones included', () => {
  expect(VDE.switches).toEqual([
    {
      topology: 'lab',
      name: 'dead',
      directory: '/run/topo/lab/vde/dead',
      management: '/run/topo/lab/vde/dead.mgmt',
      socket: { mode: 0o600, group: 'root' },
    },
    {
      topology: 'lab',
      name: 'sim',
      directory: '/run/sim.ctl',
      management: '/run/topo/lab/vde/sim.mgmt',
      pid: 29,
      says: { ports: 8, hub: false, fstp: true, priority: 4096 },
      socket: { mode: 0o660, group: 'nogroup' },
    },
    {
      topology: 'lab',
      name: 'v0',
      directory: '/run/topo/lab/vde/v0',
      management: '/run/topo/lab/vde/v0.mgmt',
      pid: 14,
      says: { ports: 32, hub: false, fstp: false, priority: 32768 },
      socket: { mode: 0o600, group: 'root' },
    },
  ]);
  expect(VDE.directories).toEqual(['/run/topo/lab/vde/v0', '/run/sim.ctl', '/run/others']);
});

test('plugs, with the taps that they hold', () => {
  expect(VDE.plugs.map(p => [p.key.slice(0, 1), p.pid, p.tap, p.directory])).toEqual([
    ['a', 56, undefined, '/run/topo/lab/vde/v0'],
    ['b', 95, 'tbbb', '/run/topo/lab/vde/v0'],
    ['c', 110, 'eth1', '/run/sim.ctl'],
    ['d', 125, 'tddd', '/run/others'],
    ['e', undefined, undefined, '/run/topo/lab/vde/dead'],
  ]);
});

test('ports by switch, with their VLANs and who is plugged in', () => {
  expect(VDE.ports).toEqual({
    '/run/topo/lab/vde/dead.mgmt': [],
    '/run/topo/lab/vde/sim.mgmt': [{ number: 1, untagged: 0, tagged: [], pids: [110], isKept: false }],
    '/run/topo/lab/vde/v0.mgmt': [
      { number: 1, untagged: 0, tagged: [], pids: [56], isKept: false },
      { number: 2, untagged: 5, tagged: [10, 20], pids: [95], isKept: true },
    ],
  });
});

test('a host without VDE tells nothing', () => {
  expect(parseVde('', 'lab')).toEqual({ switches: [], plugs: [], directories: [], ports: {} });
});

test('a process without notes is nobody of ours, and notes of other files are none', () => {
  const text = 'note x.log:hello\nword /proc/7/cmdline:vde_switch\nword /proc/7/cmdline:-s';
  expect(parseVde(text, 'lab')).toEqual({ switches: [], plugs: [], directories: [], ports: {} });
});
