import { parseResourceId, resourceId, shortMark } from '../core/index.js';
import type { Inventory, ResourceId, Scope } from '../core/index.js';

/**
 * The resources that bare marks on a host stand for, as the host's own record has them: a mark is a hash and says nothing to people.
 * Where there is no such record a mark stands for itself. The record is looked through once, and only where a mark is asked for.
 */
export function idsOfMarks(
  { applied }: Inventory,
  { topology, host, wanted }: Scope<unknown>,
  kind: string,
): (mark: string) => ResourceId {
  const freeIds = (): ReadonlyMap<string, ResourceId> => {
    const taken = new Set(wanted.map(w => w.id));
    const ids = Object.keys(applied?.specs ?? {}).filter(
      id => parseResourceId(id)?.kind === kind && !taken.has(id),
    );
    return new Map(ids.map(id => [shortMark(topology, id), id]));
  };
  let known: ReturnType<typeof freeIds> | undefined;
  return mark => (known ??= freeIds()).get(mark) ?? resourceId(host, kind, mark);
}
