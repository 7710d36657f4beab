import type { ResourceLimits } from '../core/index.js';

/** Limits as the Engine's create and update calls take them; what is not limited is left out. */
export function limitsBody(limits: ResourceLimits): Readonly<Record<string, unknown>> {
  const { cpus } = limits;
  const body = {
    NanoCpus: cpus === undefined ? undefined : Math.round(cpus * 1e9),
    CpuShares: limits.cpuShares,
    CpuPeriod: limits.cpuPeriod,
    CpuQuota: limits.cpuQuota,
    CpuRealtimePeriod: limits.cpuRtPeriod,
    CpuRealtimeRuntime: limits.cpuRtRuntime,
    CpusetCpus: limits.cpuset,
    Memory: limits.memory,
    MemoryReservation: limits.memoryReservation,
    MemorySwap: limits.memorySwap,
    PidsLimit: limits.pids,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
