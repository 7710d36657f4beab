import { resourceId, shortMark } from '../core/index.js';
import type { Group, HostName, Resource } from '../core/index.js';

/** Puts a resource together: id and mark follow from where it stands and what it is called. */
export function makeResource<Spec>(
  topology: string,
  at: { readonly host: HostName; readonly kind: string; readonly name: string; readonly group: Group },
  spec: Spec,
): Resource<Spec> {
  const id = resourceId(at.host, at.kind, at.name);
  return {
    id,
    kind: at.kind,
    host: at.host,
    name: at.name,
    group: at.group,
    mark: shortMark(topology, id),
    spec,
  };
}
