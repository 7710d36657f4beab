import { TopoError } from './error.js';
import type { ResourceKind } from './resource.js';

/** All kinds by name. The engine asks here and nowhere else, so it knows no kind itself. */
export type Registry = ReadonlyMap<string, ResourceKind<unknown, unknown>>;

/** The kind of that name. Throws where there is none: a resource of an unregistered kind is a bug. */
export function kindOf(registry: Registry, name: string): ResourceKind<unknown, unknown> {
  const kind = registry.get(name);
  if (kind) return kind;
  throw new TopoError(`no resource kind is called '${name}'`, { code: 'bug.kind', who: 'topo' });
}

/** What a resource is called to people: `VXLAN device vxlan1000`. */
export function titleOf(
  registry: Registry,
  resource: { readonly kind: string; readonly name: string },
): string {
  return `${kindOf(registry, resource.kind).noun} ${resource.name}`;
}
