import { expect, test } from 'vitest';
import { service } from './reading.js';

const MB = 1024 ** 2;

test.each([
  ['cpus: 0.5', { cpus: 0.5 }],
  ['cpus: "1.5"\ncpu_shares: 512\ncpuset: 0,2-3', { cpus: 1.5, cpuShares: 512, cpuset: '0,2-3' }],
  ['cpu_period: 100000\ncpu_quota: "50000"', { cpuPeriod: 100_000, cpuQuota: 50_000 }],
  ['cpu_rt_period: 1000\ncpu_rt_runtime: 500', { cpuRtPeriod: 1000, cpuRtRuntime: 500 }],
  [
    'mem_limit: 64m\nmem_reservation: 32m\nmemswap_limit: -1',
    { memory: 64 * MB, memoryReservation: 32 * MB, memorySwap: -1 },
  ],
  ['memswap_limit: "128m"\nmem_limit: 67108864', { memory: 64 * MB, memorySwap: 128 * MB }],
  ['pids_limit: -1', { pids: -1 }],
  [
    'deploy: { resources: { limits: { cpus: "0.25", memory: 32M, pids: 50 }, reservations: { memory: 8m } } }',
    { cpus: 0.25, memory: 32 * MB, pids: 50, memoryReservation: 8 * MB },
  ],
  ['cpus: 0.5\ndeploy: { resources: { limits: { cpus: "0.5" } } }', { cpus: 0.5 }],
  ['mem_limit: 1g\ndeploy: { resources: { limits: { memory: 1024m } } }', { memory: 1024 * MB }],
  ['cpus: 0\ndeploy: { resources: { limits: { cpus: 2 } } }', { cpus: 2 }],
  ['deploy:', {}],
])('limits: %s', (keys, limits) => {
  expect(service(keys).limits).toEqual(limits);
});

test.each([
  ['scale: 0', 0],
  ['scale: "3"', 3],
  ['deploy: { replicas: 2 }', 2],
  ['scale: 2\ndeploy: { replicas: 2 }', 2],
  ['scale: 4\ndeploy: { resources: {} }', 4],
  ['labels: {}', 1],
])('replicas: %s', (keys, replicas) => {
  expect(service(keys).replicas).toBe(replicas);
});

test.each([
  ['deploy: { restart_policy: {} }', { name: 'always' }],
  ['restart: always\ndeploy: { restart_policy: { condition: none, max_attempts: 3 } }', { name: 'no' }],
  [
    'deploy: { restart_policy: { condition: on-failure, max_attempts: 3 } }',
    { name: 'on-failure', retries: 3 },
  ],
])('restart: %s', (keys, restart) => {
  expect(service(keys).restart).toEqual(restart);
});

test.each([
  [
    'oom_score_adj: -5\noom_kill_disable: true\nmem_swappiness: 10',
    { oomScoreAdj: -5, oomKillDisable: true, memSwappiness: 10 },
  ],
  [
    'deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }, { capabilities: [gpu], driver: d, device_ids: [a], options: { x: 1 } }, { capabilities: [tpu], count: 2 }] } } }',
    {
      reservedDevices: [
        { capabilities: ['gpu'], count: -1, options: {} },
        { capabilities: ['gpu'], count: 0, driver: 'd', ids: ['a'], options: { x: '1' } },
        { capabilities: ['tpu'], count: 2, options: {} },
      ],
    },
  ],
])('settings: %s', (keys, settings) => {
  expect(service(keys).settings).toEqual(settings);
});

test('of a range of host ports the engine takes one', () => {
  const ports = [{ container: 80, protocol: 'tcp', host: 8000, hostEnd: 8002 }];
  expect(service('ports: ["8000-8002:80"]').ports).toEqual(ports);
  expect(service('ports: [{ target: 80, published: "8000-8002" }]').ports).toEqual(ports);
  expect(service('scale: 3\nports: ["8000-8002:80"]').ports).toEqual(ports);
});
