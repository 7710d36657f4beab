import { expect, test } from 'vitest';
import { renderHosts } from '../../src/render/index.js';

const TERA = {
  host: 'tera',
  given: 'ssh://alon@tera',
  state: 'reached',
  reached: 'ssh alon@192.0.2.10:22',
  roundTrip: 12,
  system: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.1.0-18-amd64',
  arch: 'x86_64',
  engine: '20.10.24',
  firewall: 'iptables',
  rootless: false,
  tools: {
    ip: '/usr/sbin/ip',
    nft: '/usr/sbin/nft',
    iptables: '/usr/sbin/iptables',
    sysctl: '/usr/sbin/sysctl',
  },
  problems: [],
} as const;

const UNKNOWN = {
  ...TERA,
  reached: '',
  system: '',
  kernel: '',
  arch: '',
  engine: '',
  firewall: '',
  tools: {},
};

const { roundTrip: _, ...NOWHERE } = UNKNOWN;

test('a line per host, whatever is known of it', async () => {
  const report = {
    topology: 'lab',
    diagnostics: [],
    hosts: [
      TERA,
      {
        ...TERA,
        host: 'here',
        given: 'local',
        reached: 'local',
        roundTrip: 0,
        rootless: true,
        problems: ['this host has no nft'],
      },
      {
        ...UNKNOWN,
        host: 'far',
        given: 'context far',
        state: 'engine only',
        reached: 'tcp://far:2376 with TLS',
        system: 'Alpine\u001b[2J Linux',
        engine: '28.5.2',
        firewall: 'nftables',
        problems: ['one', 'two'],
      },
      {
        ...NOWHERE,
        host: 'rog',
        given: 'ssh://rog',
        state: 'unreachable',
        problems: ['ssh rog can not be reached'],
      },
      { ...NOWHERE, host: 'lab1', given: 'sandbox lab-lab1', state: 'not there yet' },
    ],
  } as const;
  await expect(`${renderHosts(report, { color: false })}\n`).toMatchFileSnapshot('expected/hosts.txt');
});
