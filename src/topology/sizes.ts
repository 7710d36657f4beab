import { z } from 'zod';
import { text } from './blocks.js';

const BYTES = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])i?b?|b)?$/i;

/** A size as Compose has it: powers of 1,024 whatever the spelling. */
export function bytes() {
  return z.union([
    z.int().min(0),
    text({ what: 'a size such as 64m or 1gb', test: BYTES, examples: ['64m', '1gb'] }),
  ]);
}

/** A size, or -1 for as much as there is. */
export function bytesOrNone() {
  const isSize = (value: string): boolean => value === '-1' || BYTES.test(value);
  return z.union([z.int().min(-1), text({ what: 'a size such as 64m, or -1', test: isSize })]);
}

/** A whole number, which may stand in quotes. */
export function whole(least: number) {
  const what = `a whole number from ${least} on`;
  return z.union([
    z.int().min(least),
    text({ what, test: value => /^-?\d+$/.test(value) && Number(value) >= least }),
  ]);
}

/** How many processors: `0.5`. */
export function processors() {
  return z.union([
    z.number().min(0),
    text({ what: 'a number of processors such as 0.5', test: /^(\d+(\.\d*)?|\.\d+)$/ }),
  ]);
}

/** Bytes of a size that has been validated. */
export function byteCount(value: string | number): number {
  if (typeof value === 'number' || value === '-1') return Number(value);
  const [, number = '0', unit = ''] = BYTES.exec(value) ?? [];
  return Math.floor(Number(number) * 1024 ** ' kmgt'.indexOf(unit.toLowerCase() || ' '));
}

/** The number of an optional key that has been validated. */
export function numberOr(value: string | number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
