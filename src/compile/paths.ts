import { parseAddress, vxlanOverhead } from '../core/index.js';
import type { HostName, HostView, PathMtu, ResolvedVxlan } from '../core/index.js';
import { routesOf } from './route.js';
import type { Underlay } from './underlay.js';

/** The way of a switch's packets from one host to another. */
export interface Path {
  readonly host: HostName;
  readonly peer: HostName;
  /** The outer addresses of the tunnel. */
  readonly from: string;
  readonly to: string;
  /** Bytes of the largest IP packet that both ends let through, and what it is that lets no more, for people. */
  readonly most: number;
  readonly by: string;
  /** What was measured, unless the ends have let other sizes through since then. */
  readonly found: PathMtu | undefined;
  /** Bytes of the largest IP packet that arrives: as measured, else as both ends let through. */
  readonly carries: number;
}

/** The paths between any two of a switch's hosts, in both directions, as far as is known. */
export function pathsBetween(
  underlayOf: ReadonlyMap<HostName, Underlay>,
  views: ReadonlyMap<HostName, HostView>,
): readonly Path[] {
  const hosts = [...underlayOf].flatMap(([name, underlay]) => {
    const view = views.get(name);
    return view ? [{ name, underlay, view, routeTo: routesOf(view) }] : [];
  });
  return hosts.flatMap(host =>
    hosts
      .filter(peer => peer !== host)
      .map(peer => {
        const [from, to] = [host.underlay.address, peer.underlay.address];
        const [own, other] = [limit(host, to), limit(peer, from)];
        const { most, by } = own.most <= other.most ? own : other;
        const found = host.view.inventory.paths.find(p => p.from === from && p.to === to && p.most === most);
        const carries = found?.carries ?? most;
        return { host: host.name, peer: peer.name, from, to, most, by, found, carries };
      }),
  );
}

interface End {
  readonly name: HostName;
  readonly underlay: Underlay;
  readonly view: HostView;
  readonly routeTo: ReturnType<typeof routesOf>;
}

/** A route's own MTU counts where it is the smaller one; without a route it is the device that bears the address. */
function limit({ name, underlay, view, routeTo }: End, peer: string): Pick<Path, 'most' | 'by'> {
  const route = routeTo(parseAddress(peer)!);
  const link = view.inventory.links.find(l => l.name === route?.dev);
  const most = link?.mtu ?? underlay.mtu;
  return route?.mtu !== undefined && route.mtu < most
    ? { most: route.mtu, by: `route ${route.dst} of ${name}` }
    : { most, by: `${link?.name ?? underlay.device} of ${name}` };
}

/** A path that is to be measured, by a host that is there: `bytes` is the most that there is to find. */
export interface PathToMeasure {
  readonly host: HostName;
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
}

/**
 * The paths of a switch that are to be measured before anything is decided: those that nobody measured, or not since the ends let
 * other sizes through; and again those between hosts of which one has no device yet, and those that are too small for what the
 * file asks for, for they may have grown. So nothing is sent where nothing is to be done. Hosts that are still to be made
 * have the path that they are made with.
 */
export function pathsToMeasure(
  vxlan: ResolvedVxlan,
  underlayOf: ReadonlyMap<HostName, Underlay>,
  views: ReadonlyMap<HostName, HostView>,
): readonly PathToMeasure[] {
  const has = (host: HostName): boolean =>
    views.get(host)!.inventory.links.some(l => l.name === `vxlan${vxlan.vni}`);
  const isComputed = (host: HostName): boolean => views.get(host)?.facts.computed ?? false;
  const tooSmall = ({ host, carries }: Path): boolean =>
    vxlan.mtu !== undefined && vxlan.mtu + vxlanOverhead(underlayOf.get(host)!.family) > carries;
  return pathsBetween(underlayOf, views)
    .filter(({ host, peer }) => !isComputed(host) && !isComputed(peer))
    .filter(path => !path.found || !has(path.host) || !has(path.peer) || tooSmall(path))
    .map(({ host, from, to, most }) => ({ host, from, to, bytes: most }));
}
