import { isMap } from '../blocks.js';
import { entriesOf, itemsOf, listOf, mapOf } from '../files/parts.js';
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
  ...['deploy.replicas', 'ulimits.*', 'ulimits.*.hard', 'ulimits.*.soft'],
].map(path => `services.*.${path}`);

const OTHERS: readonly string[] = [
  ...['external', 'internal', 'attachable', 'enable_ipv4', 'enable_ipv6'].map(key => `networks.*.${key}`),
  ...['volumes', 'secrets', 'configs'].map(kind => `${kind}.*.external`),
];

/** Keys of paths, one in the other; what a path ends with says what the text is taken for. */
interface Casts {
  readonly into: Map<string, Casts>;
  cast?: (text: string) => unknown;
}

/** The content of a Compose file with text read as Compose reads it; what can't be read stays, and whoever checks it tells. */
export function withCasts(whole: Plain, origins: Origins): Plain {
  const root: Casts = { into: new Map() };
  for (const path of [...BOOLEANS, ...OTHERS]) add(root, path, booleanOf);
  for (const path of NUMBERS) add(root, path, numberOf);
  return casted(whole, root, origins);
}

function add(root: Casts, path: string, cast: (text: string) => unknown): void {
  const last = path.split('.').reduce<Casts>((node, step) => {
    const next: Casts = node.into.get(step) ?? { into: new Map() };
    node.into.set(step, next);
    return next;
  }, root);
  last.cast = cast;
}

function casted(plain: Plain, { into, cast }: Casts, origins: Origins): Plain {
  const { value, spot } = plain;
  if (typeof value === 'string') return cast ? { value: cast(value), spot } : plain;
  const inner = (key: string, item: Plain): Plain => {
    const next = into.get(key) ?? into.get('*');
    return next ? casted(item, next, origins) : item;
  };
  if (Array.isArray(value)) {
    const items = itemsOf(plain, origins);
    const after = items.map(item => inner('*', item));
    return after.every((item, i) => item.value === items[i]!.value) ? plain : listOf(after, spot, origins);
  }
  if (!isMap(value)) return plain;
  const entries = entriesOf(plain, origins);
  const after = entries.map(([key, item]) => [key, inner(key, item)] as const);
  return after.every(([, item], i) => item.value === entries[i]![1].value)
    ? plain
    : mapOf(after, spot, origins);
}

/** The words of YAML 1.1's boolean that Compose takes. */
function booleanOf(text: string): unknown {
  if (/^(true|y|yes|on)$/i.test(text)) return true;
  return /^(false|n|no|off)$/i.test(text) ? false : text;
}

function numberOf(text: string): unknown {
  return /^[+-]?\d+(\.\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
