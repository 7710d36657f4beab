import type { ResourceId } from '../core/index.js';
import type { Wanted } from './decide.js';
import { deleteEdges } from './delete-edges.js';
import type { Draft } from './draft.js';
import type { PlanInput } from './input.js';
import type { KindOrder } from './kind-order.js';

/** Which drafts must be done before which: for each, by index, the indexes of those it waits for. */
export type Edges = readonly ReadonlySet<number>[];

/** Everything that orders actions. Never quadratic in the number of drafts. */
export function edgesOf(
  input: PlanInput,
  wanted: readonly Wanted[],
  drafts: readonly Draft[],
  kinds: KindOrder,
): Edges {
  const edges = drafts.map(() => new Set<number>());
  const indexes = new Map(drafts.map((draft, i) => [draft.resource, i]));
  dependencyEdges(wanted, indexes, edges);
  hostEdges(input, drafts, indexes, edges);
  deleteEdges(drafts, kinds, edges);
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
