import { changesAt, withChanges } from '../files/changes.js';
import type { Change } from '../files/changes.js';
import type { Origins, Plain } from '../locate.js';

/**
 * Where Compose takes text for what it spells, also text in quotes (compose-go's `interpolate`): in a Compose file
 * `privileged: "true"` is right.
 */
const BOOLEANS: readonly string[] = [
  ...['init', 'oom_kill_disable', 'privileged', 'read_only', 'stdin_open', 'tty', 'healthcheck.disable'],
  ...['depends_on.*.required', 'depends_on.*.restart', 'volumes.*.read_only', 'volumes.*.volume.nocopy'],
].map(path => `services.*.${path}`);

const NUMBERS: readonly string[] = [
  ...['cpu_count', 'cpu_percent', 'cpu_period', 'cpu_quota', 'cpu_rt_period', 'cpu_rt_runtime', 'cpus'],
  ...['cpu_shares', 'oom_score_adj', 'pids_limit', 'scale', 'healthcheck.retries', 'ports.*.target'],
  ...[
    'deploy.replicas',
    'deploy.restart_policy.max_attempts',
    'ulimits.*',
    'ulimits.*.hard',
    'ulimits.*.soft',
  ],
].map(path => `services.*.${path}`);

const OTHERS: readonly string[] = [
  ...['external', 'internal', 'attachable', 'enable_ipv4', 'enable_ipv6'].map(key => `networks.*.${key}`),
  ...['volumes', 'secrets', 'configs'].map(kind => `${kind}.*.external`),
];

/** The content of a Compose file with text read as Compose reads it; what can't be read stays, and whoever checks it tells. */
export function withCasts(whole: Plain, origins: Origins): Plain {
  const changes = changesAt([
    ...[...BOOLEANS, ...OTHERS].map((path): [string, Change] => [path, booleanOf]),
    ...NUMBERS.map((path): [string, Change] => [path, numberOf]),
  ]);
  return withChanges(whole, changes, origins);
}

/** The words of YAML 1.1's boolean that Compose takes. */
function booleanOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^(true|y|yes|on)$/i.test(value)) return true;
  return /^(false|n|no|off)$/i.test(value) ? false : value;
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : value;
}
