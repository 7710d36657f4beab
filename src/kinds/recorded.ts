import { parseResourceId, resourceId, shortMark } from '../core/index.js';
import type { Inventory, ResourceId, Scope } from '../core/index.js';

/**
 * The resource that a bare mark on a host stands for, as the host's own record has it: a mark is a hash and says nothing to people.
 * Where there is no such record the mark stands for itself.
 */
export function idOfMark(
  { applied }: Inventory,
  { topology, host, wanted }: Scope<unknown>,
  kind: string,
  mark: string,
): ResourceId {
  const recorded = Object.keys(applied?.specs ?? {}).find(
    id => parseResourceId(id)?.kind === kind && shortMark(topology, id) === mark,
  );
  const isFree = recorded !== undefined && !wanted.some(w => w.id === recorded);
  return isFree ? recorded : resourceId(host, kind, mark);
}
