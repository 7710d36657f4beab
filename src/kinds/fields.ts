import { canonicalJson, type Difference } from '../core/index.js';
import { isKeyedDigest } from './marks.js';

const LONGEST = 120;

/**
 * What differs between two plain values, leaf by leaf, each with its path (`environment.FOO`); arrays are leaves. All of
 * them force re-creation: they are compared for what can't be changed in place. Secrets (keyed digests) are not shown.
 */
export function compareFields(have: unknown, want: unknown, path = ''): readonly Difference[] {
  if (isPlain(have) && isPlain(want)) {
    const keys = [...new Set([...Object.keys(have), ...Object.keys(want)])].sort();
    return keys.flatMap(key => compareFields(have[key], want[key], path === '' ? key : `${path}.${key}`));
  }
  if (canonicalJson(have ?? null) === canonicalJson(want ?? null)) return [];
  const changed = isKeyedDigest(have) && isKeyedDigest(want) ? '(changed)' : showValue(want);
  return [{ field: path, have: showValue(have), want: changed, replace: true }];
}

/** A field of a device that can be told apart by its text; `have` is undefined where the kernel does not say. */
export function changed(field: string, have: unknown, want: unknown): readonly Difference[] {
  return String(have) === String(want) ? [] : [{ field, have: String(have ?? 'none'), want: String(want) }];
}

/** A value for people, cut where it is long. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  if (isKeyedDigest(value)) return '(set)';
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
