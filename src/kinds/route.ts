import {
  markPrefix,
  spellPrefix,
  subnetClaim,
  type Inventory,
  type ResourceId,
  type Route,
} from '../core/index.js';
import { ROUTE_PROTOCOL, removeRoutes, setRoutes } from '../tools/index.js';
import type { DeviceRef } from './device.js';
import { entryKind } from './entries.js';

/** The routes that topo keeps through a device of ours. */
export interface RouteSpec {
  readonly device: DeviceRef;
  readonly routes: readonly {
    readonly dst: string;
    readonly via?: string;
    readonly source?: string;
    readonly mtu?: number;
  }[];
  /** The resource that puts a `source` on the host, where one is given. */
  readonly address?: ResourceId;
}

/** Routes of the main table: topo's own by protocol number, and whatever else stands under a wanted destination. */
export const route = entryKind<RouteSpec>({
  name: 'route',
  noun: 'routes',
  after: ['vxlan', 'address'],
  part: 'routes',
  needs: spec =>
    spec.address === undefined ? [] : [{ on: spec.address, because: 'a route has its source address' }],
  wanted: spec =>
    Object.fromEntries(spec.routes.map(r => [spellPrefix(r.dst), words({ ...r, protocol: ROUTE_PROTOCOL })])),
  found(inventory, spec) {
    const wanted = new Set(spec.routes.map(r => spellPrefix(r.dst)));
    const here = inMain(inventory).filter(r => r.dev === spec.device.name);
    const relevant = here.filter(
      r => r.protocol === ROUTE_PROTOCOL || (wanted.has(r.dst) && isDefaultMetric(r)),
    );
    return Object.fromEntries(relevant.sort(oursLast).map(r => [r.dst, words(r)]));
  },
  holder(inventory, spec, topology) {
    const wanted = new Set(spec.routes.map(r => spellPrefix(r.dst)));
    const taken = inMain(inventory).find(
      r =>
        wanted.has(r.dst) &&
        r.dev !== spec.device.name &&
        isDefaultMetric(r) &&
        !isOurs(inventory, r, topology),
    );
    return taken && `a route that topo did not make: ${taken.dst} ${words(taken)} dev ${taken.dev ?? 'none'}`;
  },
  claim: subnetClaim,
  write: spec => setRoutes(spec.device.name, spec.routes),
  remove: removeRoutes,
});

function words(route: Pick<Route, 'via' | 'source' | 'mtu' | 'protocol'>): string {
  return [
    ...(route.via === undefined ? [] : [`via ${route.via}`]),
    ...(route.source === undefined ? [] : [`src ${route.source}`]),
    ...(route.mtu === undefined ? [] : [`mtu ${route.mtu}`]),
    `proto ${route.protocol}`,
  ].join(' ');
}

function inMain(inventory: Inventory): readonly Route[] {
  return inventory.routes.filter(r => r.table === 'main' || r.table === '254');
}

/** `ip route replace` without a metric meets only a route with the default one: 0 for IPv4, 1024 for IPv6 (IP6_RT_PRIO_USER). */
function isDefaultMetric(route: Route): boolean {
  return route.metric === (route.family === 4 ? 0 : 1024);
}

/** A route of ours, or the one that a Docker network of ours brings: that of a stack which is about to leave this host. */
function isOurs(inventory: Inventory, route: Route, topology: string): boolean {
  const network = inventory.networks.find(n => n.options['com.docker.network.bridge.name'] === route.dev);
  if (network?.labels['topo.name'] === topology) return true;
  const alias = inventory.links.find(link => link.name === route.dev)?.alias ?? '';
  return route.protocol === ROUTE_PROTOCOL && alias.startsWith(markPrefix(topology));
}

/** So that a route of ours is what counts where two have the same destination. */
function oursLast(a: Route, b: Route): number {
  return Number(a.protocol === ROUTE_PROTOCOL) - Number(b.protocol === ROUTE_PROTOCOL);
}
