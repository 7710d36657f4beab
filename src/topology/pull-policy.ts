import type { z } from 'zod';
import type { PullPolicy } from '../core/index.js';
import { text } from './blocks.js';

const DAY_MS = 86_400_000;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/** Compose's words, and `push`. */
export function pullPolicy(): z.ZodString {
  return text({
    what: 'one of always, missing, never, build, daily, weekly, every_TIME and push',
    test: /^(always|missing|if_not_present|never|push|build|daily|weekly|every_(\d+(\.\d+)?(ms|s|m|h|d|w))+)$/,
    hint: value => (/^every_?\d*$/.test(value) ? 'with a time and its unit: every_12h, every_3d' : undefined),
    examples: ['always', 'missing', 'never', 'push'],
  });
}

/** The input has been validated. */
export function expandPullPolicy(input = 'missing'): PullPolicy {
  return POLICIES[input] ?? { is: 'refresh', afterMs: timeOf(input) };
}

const POLICIES: Readonly<Record<string, PullPolicy>> = {
  always: { is: 'refresh', afterMs: 0 },
  missing: { is: 'missing' },
  if_not_present: { is: 'missing' },
  never: { is: 'never' },
  build: { is: 'build' },
  push: { is: 'push' },
  daily: { is: 'refresh', afterMs: DAY_MS },
  weekly: { is: 'refresh', afterMs: 7 * DAY_MS },
};

function timeOf(every: string): number {
  const parts = [...every.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)];
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit!]!, 0);
}
