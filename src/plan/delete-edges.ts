import { type ResourceId, topologicalOrder } from '../core/index.js';
import type { Draft } from './draft.js';
import type { KindOrder } from './kind-order.js';

/**
 * On each host a stray is deleted before the strays of the kinds that its kind stands on, and before anything of its kind or
 * of a kind below is made: it may hold the name, the port or the subnet that is needed. Strays have no spec, so it is kinds
 * that are ordered, not single things.
 */
export function deleteEdges(
  drafts: readonly Draft[],
  indexes: ReadonlyMap<ResourceId, number>,
  kinds: KindOrder,
  edges: readonly Set<number>[],
): void {
  // What only lets go here and is made again is no stray, but where nothing may be done beneath it.
  const isStray = (i: number): boolean => {
    const { verb, resource, kind } = drafts[i]!;
    return verb === 'delete' && (indexes.get(resource) === i || kinds.goesFirst(kind));
  };
  for (const host of indexesBy([...drafts.keys()], i => drafts[i]!.host).values()) {
    const strays = indexesBy(host.filter(isStray), i => drafts[i]!.kind);
    if (strays.size === 0) continue;
    const deletes = new Map([...strays].map(([kind, list]) => [kind, byLeaning(drafts, list, edges)]));
    const makes = indexesBy(
      host.filter(i => !isStray(i)),
      i => drafts[i]!.kind,
    );
    const join = joiner(edges);
    for (const [kind, targets] of deletes)
      for (const list of nearestAbove(kind, deletes, kinds)) join(list, targets);
    for (const [kind, targets] of makes) {
      const same = deletes.get(kind);
      for (const list of same ? [same] : nearestAbove(kind, deletes, kinds)) join(list, targets);
    }
  }
}

/**
 * Strays of one kind in an order in which what depends on another of them goes first, with the edges for it. What they say of that was
 * written down when each was made, so it may go round in a ring by now: then it counts for nothing.
 */
function byLeaning(
  drafts: readonly Draft[],
  strays: readonly number[],
  edges: readonly Set<number>[],
): readonly number[] {
  const known = strays.filter(i => drafts[i]!.leans !== undefined);
  const byKey = indexesBy(known, i => drafts[i]!.leans!.key);
  const above = new Map<number, number[]>();
  for (const index of known)
    for (const key of drafts[index]!.leans!.on)
      for (const below of byKey.get(key) ?? []) above.set(below, [...(above.get(below) ?? []), index]);
  const sorted = topologicalOrder(strays.map(key => ({ key, after: above.get(key) ?? [] })));
  if ('cycle' in sorted) return strays;
  for (const [below, leaning] of above)
    for (const index of leaning) if (index !== below) edges[below]!.add(index);
  return sorted.order;
}

/** The deletes of the kinds above, kinds without deletes passed through; what lies above those is ordered by them. */
function nearestAbove(
  kind: string,
  deletes: ReadonlyMap<string, readonly number[]>,
  kinds: KindOrder,
): ReadonlySet<readonly number[]> {
  const found = new Set<readonly number[]>();
  const seen = new Set<string>();
  const walk = (at: string): void => {
    for (const above of kinds.above(at)) {
      if (seen.has(above)) continue;
      seen.add(above);
      const list = deletes.get(above);
      if (list) found.add(list);
      else walk(above);
    }
  };
  walk(kind);
  return found;
}

/** Beyond this many edges between two lists, one action stands between them. */
const MOST_EDGES = 2_000;

/**
 * Puts all of `before` ahead of all of `then`. For long lists the last of `before` waits for its siblings and stands for them
 * all: a thousand deletes ahead of a thousand others are then 2,000 edges and not a million.
 */
function joiner(edges: readonly Set<number>[]): (before: readonly number[], then: readonly number[]) => void {
  return (before, then) => {
    const last = before.at(-1)!;
    const gate = before.length * then.length > MOST_EDGES;
    if (gate) for (const index of before) if (index !== last) edges[last]!.add(index);
    for (const target of then) for (const index of gate ? [last] : before) edges[target]!.add(index);
  };
}

function indexesBy(
  indexes: readonly number[],
  keyOf: (index: number) => string,
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const index of indexes) {
    const group = groups.get(keyOf(index));
    if (group) group.push(index);
    else groups.set(keyOf(index), [index]);
  }
  return groups;
}
