import { contains, parsePrefix } from '../core/index.js';
import type { Address, HostView, Route } from '../core/index.js';

/** Finds the route that a host's packets to an address take: longest prefix, then lowest metric, as the kernel chooses in the main table. */
export function routesOf({ inventory }: HostView): (address: Address) => Route | undefined {
  const routes = inventory.routes
    .flatMap(route => {
      const prefix = route.table === 'main' ? parsePrefix(route.dst) : undefined;
      return prefix ? [{ route, prefix }] : [];
    })
    .sort((a, b) => b.prefix.length - a.prefix.length || a.route.metric - b.route.metric);
  return address => routes.find(({ prefix }) => contains(prefix, address))?.route;
}
