import type { ResourceId } from '../core/index.js';
import type { Wanted } from './decide.js';
import { deleteEdges } from './delete-edges.js';
import type { Draft } from './draft.js';
import type { PlanInput } from './input.js';
import type { KindOrder } from './kind-order.js';
import type { Trade } from './trades.js';

/** Which drafts must be done before which: for each, by index, the indexes of those it waits for. */
export type Edges = readonly ReadonlySet<number>[];

/** Everything that orders actions. Never quadratic in the number of drafts. */
export function edgesOf(
  input: PlanInput,
  wanted: readonly Wanted[],
  drafts: readonly Draft[],
  trades: readonly Trade[],
  kinds: KindOrder,
): Edges {
  const edges = drafts.map(() => new Set<number>());
  // Of a resource with two actions, the one that makes it stands later, and is the one that others build on.
  const indexes = new Map(drafts.map((draft, i) => [draft.resource, i]));
  dependencyEdges(wanted, indexes, edges);
  hostEdges(input, drafts, indexes, edges);
  deleteEdges(drafts, indexes, kinds, edges);
  tradeEdges(drafts, indexes, trades, edges);
  return edges;
}

/** An action comes after those of what its resource depends on; through unchanged resources it waits for what lies below them. */
function dependencyEdges(
  wanted: readonly Wanted[],
  indexes: ReadonlyMap<ResourceId, number>,
  edges: readonly Set<number>[],
): void {
  const waits = new Map<ResourceId, ReadonlySet<number>>();
  for (const { resource, dependencies } of wanted) {
    const below = union(dependencies.map(d => waits.get(d.on) ?? NOTHING));
    const own = indexes.get(resource.id);
    if (own === undefined) waits.set(resource.id, below);
    else {
      for (const index of below) edges[own]!.add(index);
      waits.set(resource.id, new Set([own]));
    }
  }
}

/** What takes something comes after what lets go of it: by an action of its own, or else by the one that makes or changes it. */
function tradeEdges(
  drafts: readonly Draft[],
  indexes: ReadonlyMap<ResourceId, number>,
  trades: readonly Trade[],
  edges: readonly Set<number>[],
): void {
  const firsts = new Map<ResourceId, number>();
  for (const [index, { resource }] of drafts.entries())
    if (!firsts.has(resource)) firsts.set(resource, index);
  for (const [resource, first] of firsts) {
    const made = indexes.get(resource)!;
    if (made !== first) edges[made]!.add(first);
  }
  for (const { from, to } of trades) edges[indexes.get(to)!]!.add(firsts.get(from)!);
}

const NOTHING: ReadonlySet<number> = new Set();

/** The sets are shared where nothing is added, or a long chain of unchanged resources would copy them over and over. */
function union(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  const distinct = [...new Set(sets.filter(set => set.size > 0))];
  if (distinct.length <= 1) return distinct[0] ?? NOTHING;
  return new Set(distinct.flatMap(set => [...set]));
}

/** What is on a host comes after the host itself is made or changed, and is deleted before the host is. */
function hostEdges(
  input: PlanInput,
  drafts: readonly Draft[],
  indexes: ReadonlyMap<ResourceId, number>,
  edges: readonly Set<number>[],
): void {
  for (const [index, draft] of drafts.entries()) {
    const host = indexes.get(input.options?.hostResource?.get(draft.host) ?? '');
    if (host === undefined || host === index) continue;
    if (drafts[host]!.verb === 'delete') edges[host]!.add(index);
    else edges[index]!.add(host);
  }
}
