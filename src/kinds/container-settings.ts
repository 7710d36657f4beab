import type { ContainerSettings, Difference, Step } from '../core/index.js';
import { limitsOf, updateContainer, type Row, type UpdateBody } from '../tools/index.js';
import type { ContainerState } from './container-read.js';
import type { ContainerSpec } from './container-spec.js';

type Limits = ContainerSettings['limits'];
type Value = number | string | undefined;

/** Compose's name of each limit that the engine can change. */
const NAMES: Readonly<Record<string, string>> = {
  CpuPeriod: 'cpu_period',
  CpuQuota: 'cpu_quota',
  CpuRealtimePeriod: 'cpu_rt_period',
  CpuRealtimeRuntime: 'cpu_rt_runtime',
  CpuShares: 'cpu_shares',
  CpusetCpus: 'cpuset',
  Memory: 'mem_limit',
  MemoryReservation: 'mem_reservation',
  MemorySwap: 'memswap_limit',
  NanoCpus: 'cpus',
  PidsLimit: 'pids_limit',
};

/** The engine refuses to change the one while a container has the other. */
const EITHER: readonly (readonly [string, string])[] = [
  ['NanoCpus', 'CpuPeriod'],
  ['NanoCpus', 'CpuQuota'],
];

/**
 * Restart policy and limits that are not as wanted, read off the container and not off a label: both can be changed while it is there. To
 * the engine's update call nothing means "leave it": a limit that is to go needs a new container, but that of processes.
 */
export function settingsDifferences(
  want: ContainerSpec,
  { settings }: ContainerState,
): readonly Difference[] {
  if (!settings) return [];
  const [limits, found] = [wantedLimits(want), inForce(settings.limits)];
  const isBarred = (key: string): boolean =>
    EITHER.some(
      pair => pair.includes(key) && pair.some(other => other !== key && found[other] !== undefined),
    );
  return [
    ...policyDifference(want, settings),
    ...changedLimits(limits, found).map((key): Difference => {
      const difference = { field: NAMES[key]!, have: shown(key, found[key]), want: shown(key, limits[key]) };
      const isStuck = limits[key] === undefined ? key !== 'PidsLimit' : isBarred(key);
      return isStuck ? { ...difference, replace: true } : difference;
    }),
  ];
}

/** The call that puts them right; none where they are. */
export function settingsSteps(want: ContainerSpec, have: ContainerState): readonly Step[] {
  const differences = settingsDifferences(want, have);
  if (!have.settings || differences.length === 0) return [];
  const [limits, found] = [wantedLimits(want), inForce(have.settings.limits)];
  const changed = new Set(changedLimits(limits, found));
  // Each is checked against the other as it was, unless both are given.
  if (changed.has('Memory') || changed.has('MemorySwap')) changed.add('Memory').add('MemorySwap');
  const { name: Name, retries: MaximumRetryCount } = policyOf(want);
  const body: UpdateBody = {
    ...Object.fromEntries([...changed].sort().map(key => [key, limits[key] ?? NO_LIMIT])),
    ...(differences.some(d => d.field === POLICY) && { RestartPolicy: { Name, MaximumRetryCount } }),
  };
  const note = differences.map(d => `${d.field} ${d.want}`).join(', ');
  return [updateContainer(have.id, body, want.name, note)];
}

const POLICY = 'restart';
const NO_LIMIT = -1;

/** `no`, `always`, `unless-stopped`, `on-failure`. */
export function restartPolicy(want: ContainerSpec): string {
  return policyOf(want).name;
}

function policyOf(want: ContainerSpec): ContainerSettings['restart'] {
  const policy = hostOf(want)['RestartPolicy'] as { Name?: string; MaximumRetryCount?: number } | undefined;
  return { name: policy?.Name || 'no', retries: policy?.MaximumRetryCount ?? 0 };
}

function policyDifference(want: ContainerSpec, { restart }: ContainerSettings): readonly Difference[] {
  const text = ({ name, retries }: ContainerSettings['restart']): string =>
    `${name}${retries > 0 ? `:${retries}` : ''}`;
  const [is, wanted] = [text(restart), text(policyOf(want))];
  return is === wanted ? [] : [{ field: POLICY, have: is, want: wanted }];
}

function wantedLimits(want: ContainerSpec): Limits {
  return inForce(limitsOf(hostOf(want)));
}

/** What counts: swap only beside memory, of which it is twice as much where nobody says; no number of processes for any number. */
function inForce(limits: Limits): Limits {
  const { MemorySwap, PidsLimit, ...others } = limits;
  const memory = limits['Memory'];
  return {
    ...others,
    ...(typeof memory === 'number' && { MemorySwap: MemorySwap ?? 2 * memory }),
    ...(typeof PidsLimit === 'number' && PidsLimit > 0 && { PidsLimit }),
  };
}

function changedLimits(want: Limits, have: Limits): readonly string[] {
  return Object.keys(NAMES).filter(key => want[key] !== have[key]);
}

const UNITS = ['', 'k', 'm', 'g', 't'];

/** As a file would say it. */
function shown(key: string, value: Value): string {
  if (value === undefined) return '(none)';
  if (key === 'NanoCpus') return String(Number(value) / 1e9);
  if (!key.startsWith('Memory') || Number(value) <= 0) return String(value);
  const whole = UNITS.map((unit, i) => [Number(value) / 1024 ** i, unit] as const);
  const [number, unit] = whole.filter(([n]) => Number.isInteger(n)).at(-1)!;
  return `${number}${unit}`;
}

function hostOf({ config }: ContainerSpec): Row {
  return (config.HostConfig ?? {}) as Row;
}
