import { isMap } from '../blocks.js';
import type { Origins, Plain } from '../locate.js';

/** What becomes of a value; `parent` is the map or list that it stands in. */
export type Change = (value: unknown, parent: unknown) => unknown;

/** Changes by the paths of what they change, one key in the other; `*` is any other key, or any element. */
export interface Changes {
  readonly into: Map<string, Changes>;
  change?: Change;
}

/** Changes from a table of dotted paths. */
export function changesAt(table: Iterable<readonly [string, Change]>): Changes {
  const root: Changes = { into: new Map() };
  for (const [path, change] of table) {
    const last = path.split('.').reduce<Changes>((node, step) => {
      const next: Changes = node.into.get(step) ?? { into: new Map() };
      node.into.set(step, next);
      return next;
    }, root);
    last.change = change;
  }
  return root;
}

/** A value with some of what is in it changed. All else, and where everything stands, is as before. */
export function withChanges({ value, spot }: Plain, changes: Changes, origins: Origins): Plain {
  return { value: changed(value, changes, undefined, origins), spot };
}

function changed(value: unknown, { into, change }: Changes, parent: unknown, origins: Origins): unknown {
  const own = change ? change(value, parent) : value;
  if (into.size === 0) return own;
  if (Array.isArray(own)) return changedList(own, into.get('*'), origins);
  return isMap(own) ? changedMap(own, into, origins) : own;
}

function changedList(list: readonly unknown[], each: Changes | undefined, origins: Origins): unknown {
  if (!each) return list;
  const after = list.map(item => changed(item, each, list, origins));
  return after.every((item, i) => item === list[i]) ? list : inPlaceOf(list, after, origins);
}

function changedMap(
  map: Readonly<Record<string, unknown>>,
  into: Changes['into'],
  origins: Origins,
): unknown {
  let after: Record<string, unknown> | undefined;
  const keys = into.has('*') ? Object.keys(map) : [...into.keys()].filter(key => Object.hasOwn(map, key));
  for (const key of keys) {
    const next = changed(map[key], (into.get(key) ?? into.get('*'))!, map, origins);
    if (next !== map[key]) (after ??= Object.assign(Object.create(null), map))[key] = next;
  }
  return after ? inPlaceOf(map, after, origins) : map;
}

/** The same keys stand where they stood. */
function inPlaceOf<T extends object>(before: object, after: T, origins: Origins): T {
  const origin = origins.get(before);
  if (origin) origins.set(after, origin);
  return after;
}
