import {
  IMPAIR_KEYS,
  spellImpair,
  type ImpairKey,
  type NetnsRef,
  type Qdisc,
  type Step,
} from '../core/index.js';
import { removeQdisc, setQdisc } from '../tools/index.js';

/** What of the queue of a device is not as wanted, as field, have and want. */
export function qdiscDifferences(
  want: Qdisc | undefined,
  have: Qdisc | undefined,
): readonly (readonly [field: string, have: string, want: string])[] {
  const differing = IMPAIR_KEYS.filter(key => !isSame(key, have?.impair[key], want?.impair[key]));
  if (differing.length > 0)
    return differing.map(key => [key, spelt(key, have?.impair[key]), spelt(key, want?.impair[key])]);
  if (have?.kind !== want?.kind) return [['qdisc', have?.kind ?? 'none', want?.kind ?? 'none']];
  if (!want || !have || (isNear(have.limit, want.limit) && isNear(have.burst ?? 0, want.burst ?? 0)))
    return [];
  return [['queue', sizeOf(have), sizeOf(want)]];
}

/** Makes the queue of a device as it is wanted; nothing where it is. */
export function requeue(
  device: string,
  want: Qdisc | undefined,
  have: Qdisc | undefined,
  netns: NetnsRef | undefined,
): readonly Step[] {
  if (qdiscDifferences(want, have).length === 0) return [];
  return [want ? setQdisc(device, want, have?.impair ?? {}, netns) : removeQdisc(device, netns)];
}

/** In the units of an impairment: the kernel counts times in 64 ns, of which `tc` cuts off, rates in bytes, and shares in 2^32 parts. */
const SLACK: Readonly<Record<ImpairKey, number>> = {
  delay: 1,
  jitter: 1,
  loss: 1e-7,
  duplicate: 1e-7,
  corrupt: 1e-7,
  reorder: 1e-7,
  rate: 8,
};

function isSame(key: ImpairKey, have = 0, want = 0): boolean {
  return Math.abs(have - want) <= SLACK[key] + 1e-5 * want;
}

/** tbf counts bytes as the time that they take, which rounds them. */
function isNear(have: number, want: number): boolean {
  return Math.abs(have - want) <= want / 100;
}

function spelt(key: ImpairKey, value: number | undefined): string {
  return value === undefined ? 'none' : spellImpair(key, value);
}

function sizeOf({ kind, limit, burst }: Qdisc): string {
  return kind === 'netem' ? `${limit} packets` : `${limit} bytes, ${burst ?? 0} at once`;
}
