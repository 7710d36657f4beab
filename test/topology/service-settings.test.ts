import { expect, test } from 'vitest';
import { read, service } from './reading.js';

test.each([
  ['user: 1000', { user: '1000' }],
  ['user: nobody:nogroup', { user: 'nobody:nogroup' }],
  ['working_dir: /srv', { workingDir: '/srv' }],
  ['hostname: web-1\ndomainname: lab.test', { hostname: 'web-1', domainname: 'lab.test' }],
  ['init: true\ntty: true\nstdin_open: true', { init: true, tty: true, stdinOpen: true }],
  ['tty: false\nstdin_open: false\nprivileged: false\nread_only: false', {}],
  ['init: false', { init: false }],
  ['stop_signal: SIGUSR1\nstop_grace_period: 1m30s', { stopSignal: 'SIGUSR1', stopGracePeriod: 90_000 }],
  ['stop_grace_period: 0s', { stopGracePeriod: 0 }],
  ['privileged: true\nread_only: true', { privileged: true, readOnly: true }],
  ['cap_add: [NET_ADMIN]\ncap_drop: [ALL]', { capAdd: ['NET_ADMIN'], capDrop: ['ALL'] }],
  [
    'security_opt: ["label:disable", no-new-privileges=true, "seccomp:unconfined"]',
    { securityOpt: ['label=disable', 'no-new-privileges=true', 'seccomp=unconfined'] },
  ],
  ['group_add: [mail, 12]', { groupAdd: ['mail', '12'] }],
  ['sysctls: { net.core.somaxconn: 1024 }', { sysctls: { 'net.core.somaxconn': '1024' } }],
  ['sysctls: [net.core.somaxconn=1024]', { sysctls: { 'net.core.somaxconn': '1024' } }],
  [
    'ulimits: { nproc: 64, nofile: { soft: 10, hard: 20 }, memlock: -1 }',
    {
      ulimits: {
        nproc: { soft: 64, hard: 64 },
        nofile: { soft: 10, hard: 20 },
        memlock: { soft: -1, hard: -1 },
      },
    },
  ],
  ['tmpfs: /run', { tmpfs: { '/run': '' } }],
  ['tmpfs: [/run, "/tmp:size=64m,mode=1777"]', { tmpfs: { '/run': '', '/tmp': 'size=64m,mode=1777' } }],
  ['pid: host\nipc: shareable', { pid: 'host', ipc: 'shareable' }],
  ['network_mode: none', { networkMode: 'none' }],
  ['network_mode: container:other', { networkMode: 'container:other' }],
  ['network_mode: bridge\nports: ["80"]', { networkMode: 'bridge' }],
  ['dns: 10.0.0.1\ndns_search: lab', { dns: ['10.0.0.1'], dnsSearch: ['lab'] }],
  ['dns: [10.0.0.1, fd00::1]\ndns_opt: ["ndots:2"]', { dns: ['10.0.0.1', 'fd00::1'], dnsOpt: ['ndots:2'] }],
  [
    'extra_hosts: ["a:10.0.0.1", "b=[fd00::1]", "c:fd00::2", "d:host-gateway"]',
    { extraHosts: ['a:10.0.0.1', 'b:fd00::1', 'c:fd00::2', 'd:host-gateway'] },
  ],
  [
    'extra_hosts: { a: 10.0.0.1, b: [10.0.0.2, fd00::1] }',
    { extraHosts: ['a:10.0.0.1', 'b:10.0.0.2', 'b:fd00::1'] },
  ],
  ['logging: { driver: none }', { logging: { driver: 'none', options: {} } }],
  [
    'logging: { options: { max-size: 10m, max-file: 3 } }',
    { logging: { options: { 'max-size': '10m', 'max-file': '3' } } },
  ],
])('%s', (keys, settings) => {
  expect(service(keys).settings).toEqual(settings);
});

test.each([
  ['64m', 64 * 1024 ** 2],
  ['1gb', 1024 ** 3],
  ['1.5k', 1536],
  ['"512"', 512],
  ['512', 512],
  ['2GiB', 2 * 1024 ** 3],
])('shm_size: %s', (size, bytes) => {
  expect(service(`shm_size: ${size}`).settings).toEqual({ shmSize: bytes });
});

test.each([
  ['/dev/net/tun', { host: '/dev/net/tun', container: '/dev/net/tun', permissions: 'rwm' }],
  ['"/dev/a:/dev/b"', { host: '/dev/a', container: '/dev/b', permissions: 'rwm' }],
  ['"/dev/a:/dev/b:r"', { host: '/dev/a', container: '/dev/b', permissions: 'r' }],
  ['{ source: /dev/a }', { host: '/dev/a', container: '/dev/a', permissions: 'rwm' }],
  [
    '{ source: /dev/a, target: /dev/b, permissions: rw }',
    { host: '/dev/a', container: '/dev/b', permissions: 'rw' },
  ],
])('devices: [%s]', (value, device) => {
  expect(service(`devices: [${value}]`).settings).toEqual({ devices: [device] });
});

test.each([
  ['{ test: "true" }', { test: ['CMD-SHELL', 'true'] }],
  [
    '{ test: [CMD, wget, -q, x], interval: 5s, retries: 2 }',
    { test: ['CMD', 'wget', '-q', 'x'], interval: 5000, retries: 2 },
  ],
  [
    '{ interval: 500ms, timeout: 1s, start_period: 0s, start_interval: 1s }',
    { interval: 500, timeout: 1000, startPeriod: 0, startInterval: 1000 },
  ],
  ['{ disable: true }', { test: ['NONE'] }],
  ['{ test: [NONE] }', { test: ['NONE'] }],
])('healthcheck: %s', (value, healthcheck) => {
  expect(service(`healthcheck: ${value}`).settings).toEqual({ healthcheck });
});

test('a service whose network is not its own has no default network either', () => {
  const { topology } = read(
    'hosts: { h: local }\nstacks: { s: { host: h, services: { web: { image: x, network_mode: host } } } }',
  );
  expect(topology!.stacks['s']!.services['web']!.networks).toBeUndefined();
});
