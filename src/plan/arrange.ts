import { type ResourceId, type Stray, titleOf, topologicalOrder } from '../core/index.js';
import { causeOfRoom } from './causes.js';
import type { Decision, Wanted } from './decide.js';
import { type Draft, draftOfDecision, draftOfDelete, draftsApart } from './draft.js';
import { type Edges, edgesOf } from './edges.js';
import type { PlanInput } from './input.js';
import type { KindOrder } from './kind-order.js';
import { type Trade, tradesOf } from './trades.js';
import { compare } from './wanted.js';

/** What is to be done and in which order, before it is numbered. */
export interface Arranged {
  readonly drafts: readonly Draft[];
  readonly edges: Edges;
}

/**
 * Makes actions of decisions and puts what lets go of something before what takes it. Where such wait for each other in a
 * circle, as two that exchange their ports do, each lets go by an action of its own first.
 */
export function arrange(
  input: PlanInput,
  wanted: readonly Wanted[],
  decisions: readonly Decision[],
  deletes: readonly Stray[],
  kinds: KindOrder,
): Arranged {
  const trades = tradesOf(input.registry, decisions, deletes);
  const apart = new Set(decisions.filter(d => goesFirst(kinds, d)).map(d => d.resource.id));
  for (;;) {
    const drafts = draftsOf(input, decisions, deletes, apart, trades).sort(byPlace(kinds));
    const edges = edgesOf(input, wanted, drafts, trades, kinds);
    const knot = trades.length === 0 ? [] : knotIn(drafts, edges, decisions, trades, apart);
    if (knot.length === 0) return { drafts, edges };
    for (const id of knot) apart.add(id);
  }
}

/** What has to be gone before what it depends on is touched: a kernel waits for it otherwise. */
function goesFirst(kinds: KindOrder, { resource, change }: Decision): boolean {
  return change.verb === 'replace' && kinds.goesFirst(resource.kind);
}

function draftsOf(
  { registry }: PlanInput,
  decisions: readonly Decision[],
  deletes: readonly Stray[],
  apart: ReadonlySet<ResourceId>,
  trades: readonly Trade[],
): Draft[] {
  const titles = new Map(decisions.map(({ resource }) => [resource.id, titleOf(registry, resource)]));
  const room = (id: ResourceId): string | undefined =>
    causeOfRoom(trades.filter(t => t.from === id).map(({ what, to }) => ({ what, to: titles.get(to)! })));
  return [
    ...decisions.flatMap(decision =>
      apart.has(decision.resource.id)
        ? draftsApart(registry, decision, room(decision.resource.id))
        : [draftOfDecision(registry, decision)],
    ),
    ...deletes.map(stray => draftOfDelete(registry, stray)),
  ];
}

/** What on a circle of actions lets go of something, and can do so by itself. */
function knotIn(
  drafts: readonly Draft[],
  edges: Edges,
  decisions: readonly Decision[],
  trades: readonly Trade[],
  apart: ReadonlySet<ResourceId>,
): readonly ResourceId[] {
  const sorted = topologicalOrder(drafts.map((_, key) => ({ key, after: [...edges[key]!] })));
  if (!('cycle' in sorted)) return [];
  const givers = new Set(trades.map(t => t.from));
  const on = new Set(sorted.cycle.map(i => drafts[i]!.resource));
  return decisions.flatMap(({ resource: { id } }) =>
    on.has(id) && givers.has(id) && !apart.has(id) ? [id] : [],
  );
}

/** Where order is free: host by host, deletes first and from the top down, then the rest from the bottom up, what lets go before what takes. */
function byPlace(kinds: KindOrder): (a: Draft, b: Draft) => number {
  const place = (draft: Draft): number => {
    const rank = 1 + kinds.rank(draft.kind);
    return draft.verb === 'delete' ? -rank : rank + (draft.verb === 'create' ? 0.5 : 0);
  };
  return (a, b) => compare(a.host, b.host) || place(a) - place(b) || compare(a.resource, b.resource);
}
