import { type Registry, topologicalOrder, TopoError } from '../core/index.js';

/** How kinds stand to each other, from what each says it comes `after`. */
export interface KindOrder {
  /** A kind's place: what must exist first has the lower one. */
  rank(kind: string): number;
  /** The kinds that say they come after this one, sorted. */
  above(kind: string): readonly string[];
  /** See `ResourceKind.goesFirst`. */
  goesFirst(kind: string): boolean;
}

/** Throws where kinds wait for each other in a circle: a bug. */
export function kindOrder(registry: Registry): KindOrder {
  const names = [...registry.keys()].sort();
  const sorted = topologicalOrder(names.map(name => ({ key: name, after: registry.get(name)!.after })));
  if ('cycle' in sorted) throw cycleBug('kinds', sorted.cycle);
  const ranks = new Map(sorted.order.map((name, i) => [name, i]));
  const above = new Map<string, string[]>(names.map(name => [name, []]));
  for (const name of names) for (const lower of registry.get(name)!.after) above.get(lower)?.push(name);
  return {
    rank: kind => ranks.get(kind) ?? -1,
    above: kind => above.get(kind) ?? [],
    goesFirst: kind => registry.get(kind)?.goesFirst === true,
  };
}

/** Things that wait for each other in a circle can't be ordered. Nobody's file can cause that, so it is our bug. */
export function cycleBug(what: string, cycle: readonly string[]): TopoError {
  return new TopoError(`${what} wait for each other: ${cycle.join(' → ')}`, {
    code: 'bug.cycle',
    who: 'topo',
  });
}
