import type { HostView, Link } from '../core/index.js';

/** All devices of a host, those inside containers too. */
export function everywhere(view: HostView | undefined): readonly Link[] {
  if (!view) return [];
  const { links, namespaces } = view.inventory;
  return [...links, ...namespaces.flatMap(n => n.links)];
}
