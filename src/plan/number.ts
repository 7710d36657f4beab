import { type Action, digest, type Plan, topologicalOrder } from '../core/index.js';
import { batchesOf } from './batch.js';
import type { Draft } from './draft.js';
import type { Edges } from './edges.js';
import { cycleBug } from './kind-order.js';

/** Puts drafts in the order of their edges, numbers them from 1, and forms the batches. */
export function numberActions(drafts: readonly Draft[], edges: Edges): readonly Action[] {
  const sorted = topologicalOrder(drafts.map((_, i) => ({ key: i, after: [...edges[i]!] })));
  if ('cycle' in sorted)
    throw cycleBug(
      'actions',
      sorted.cycle.map(i => drafts[i]!.resource),
    );
  const places = new Map(sorted.order.map((index, place) => [index, place]));
  const ordered = sorted.order.map(index => {
    const { leans: _, ...draft } = drafts[index]!;
    return { ...draft, after: [...edges[index]!].map(i => places.get(i)!).sort((a, b) => a - b) };
  });
  const batches = batchesOf(ordered);
  return ordered.map((draft, place) => {
    const batch = batches[place];
    const after = draft.after.map(i => i + 1);
    return { id: place + 1, ...draft, after, ...(batch !== undefined && { batch }) };
  });
}

/** Some of a plan's actions as a plan of their own: numbered and batched anew. What waited for one that is not among them waits for what that waited for. */
export function pick(
  actions: readonly Action[],
  chosen: ReadonlySet<Action>,
): Pick<Plan, 'actions' | 'digest'> {
  const places = new Map([...actions].filter(a => chosen.has(a)).map((action, i) => [action.id, i]));
  const waits = new Map<number, ReadonlySet<number>>();
  for (const { id, after } of actions) {
    const place = places.get(id);
    const below = after.flatMap(b => [...waits.get(b)!]);
    waits.set(id, new Set(place === undefined ? below : [place]));
  }
  const drafts = actions
    .filter(a => chosen.has(a))
    .map(({ id, after, batch, ...draft }) => ({
      draft,
      edges: new Set(after.flatMap(b => [...waits.get(b)!])),
    }));
  const picked = numberActions(
    drafts.map(d => d.draft),
    drafts.map(d => d.edges),
  );
  return { actions: picked, digest: digest(picked) };
}
