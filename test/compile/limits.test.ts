import { expect, test } from 'vitest';
import { decided, freshWorld, resolved } from '../fakes/scene.js';
import { hostView } from '../fakes/hosts.js';
import type { ContainerSpec } from '../../src/kinds/index.js';

const { engine } = hostView('h', 1).facts;

/** What the engine is told of a service's limits, and what is said of them, where it can't hold some. */
function limits(keys: string, ...lacks: readonly string[]) {
  const topology = resolved(`{ name: t, hosts: { h: 'ssh://h' }, stacks: { s: { host: h, services: {
    a: { image: i, ${keys} }, b: { image: i } } } } }`);
  const facts = { engine: engine.is === 'running' && lacks.length > 0 ? { ...engine, lacks } : engine };
  const { resources, diagnostics } = decided(topology, freshWorld(topology, { h: { facts } }));
  const spec = resources.find(r => r.name === 's/a')?.spec as ContainerSpec | undefined;
  const host = Object.entries((spec?.config.HostConfig ?? {}) as Readonly<Record<string, unknown>>);
  return {
    told: Object.fromEntries(host.filter(([name]) => /Cpu|Memory|Pids/.test(name))),
    said: diagnostics.filter(d => d.code === 'engine.no-limit').map(d => `${d.severity}: ${d.summary}`),
  };
}

const ALL = 'mem_limit: 64m, mem_reservation: 32m, pids_limit: 5, cpu_shares: 9, cpuset: "0"';

test('an engine that holds all is told all', () => {
  expect(limits(ALL)).toEqual({
    told: { Memory: 67108864, MemoryReservation: 33554432, PidsLimit: 5, CpuShares: 9, CpusetCpus: '0' },
    said: [],
  });
});

test('what it would drop it is not told, and that is said once', () => {
  expect(limits(ALL, 'MemoryLimit', 'SwapLimit', 'PidsLimit', 'CPUSet', 'CPUShares')).toEqual({
    told: { MemorySwap: -1 },
    said: [
      "warning: its engine can't hold cpu_shares, cpuset, mem_limit, mem_reservation, pids_limit: not in force for s/a",
    ],
  });
  expect(limits('restart: always', 'MemoryLimit').said).toEqual([]);
});

test('without a limit of swap, memory is limited without it', () => {
  expect(limits('mem_limit: 64m', 'SwapLimit')).toEqual({
    told: { Memory: 67108864, MemorySwap: -1 },
    said: [],
  });
  expect(limits('mem_limit: 64m, memswap_limit: 96m', 'SwapLimit').said).toHaveLength(1);
  expect(limits('mem_limit: 64m, memswap_limit: -1', 'SwapLimit').said).toEqual([]);
});

test('what it would refuse is an error before anything is done', () => {
  expect(limits('cpus: 0.5', 'CpuCfsQuota').said).toEqual([
    "error: its engine can't hold cpus: it would refuse s/a",
  ]);
});
