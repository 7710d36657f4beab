import type { Found, HostName, Inventory, InventoryPart, Resource, ResourceId } from '../core/index.js';

/** Where a part of the inventory could not be read: every wanted resource as unknown, which is not absence. Otherwise undefined. */
export function unread(
  inventory: Inventory,
  parts: readonly InventoryPart[],
  scope: { readonly host: HostName; readonly wanted: readonly Resource[] },
): readonly Found<never>[] | undefined {
  const part = parts.find(p => inventory.unread[p] !== undefined);
  if (part === undefined) return undefined;
  return scope.wanted.map(({ id }) => unknown(id, scope.host, `${part}: ${inventory.unread[part]}`));
}

/** A resource of which nobody knows whether it is there. `what` could not be read. */
export function unknown(id: ResourceId, host: HostName, what: string): Found<never> {
  const summary = `could not read ${what}`;
  return { is: 'unknown', id, why: { severity: 'error', code: 'host.unread', summary, host } };
}
