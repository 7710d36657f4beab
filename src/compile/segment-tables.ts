import type { HostName, HostView, ResolvedSegment } from '../core/index.js';
import type { FdbSpec, NeighbourSpec } from '../kinds/index.js';
import { FLOOD_MAC } from '../tools/index.js';
import { standingEntries, standingNeighbours } from './standing.js';
import type { Station } from './stations.js';
import type { Underlay } from './underlay.js';

/** A segment on one of its hosts. */
export interface Spot {
  readonly on: ResolvedSegment;
  readonly host: HostName;
  readonly view: HostView | undefined;
  /** The hosts that were read. */
  readonly byHost: ReadonlyMap<HostName, Underlay>;
  readonly device: FdbSpec['device'];
  readonly bridge: NeighbourSpec['device'];
}

/** Where what is for nobody known goes: to all, or nowhere. */
export function flooding(spot: Spot): FdbSpec['entries'] {
  if (!spot.on.flood) return [];
  const peers = [...spot.byHost].filter(([peer]) => peer !== spot.host);
  const standing = away(spot).filter(e => e.mac === FLOOD_MAC);
  return [...peers.map(([, { address: dst }]) => ({ mac: FLOOD_MAC, dst })), ...standing];
}

/** Behind which host each known MAC is, on the device and, as one behind the device, on its bridge (RFC 7348). */
export function forwarding(
  spot: Spot,
  stations: readonly Station[],
): Pick<FdbSpec, 'entries'> & Required<Pick<FdbSpec, 'behind'>> {
  const known = stations.flatMap(({ host, mac }) => {
    const dst = host === spot.host ? undefined : spot.byHost.get(host)?.address;
    return dst === undefined ? [] : [{ mac, dst }];
  });
  const entries = [...known, ...away(spot).filter(e => e.mac !== FLOOD_MAC)];
  return { entries, behind: [...new Set(entries.map(e => e.mac))] };
}

/** Who has which address, for the bridge to answer. */
export function answers(spot: Spot, stations: readonly Station[]): NeighbourSpec['entries'] {
  const known = stations.flatMap(({ mac, addresses }) => addresses.map(address => ({ address, mac })));
  const addresses = new Set(known.map(e => e.address));
  const unread = new Set(away(spot).map(e => e.mac));
  const standing = standingNeighbours(spot.view, spot.bridge.name, unread);
  return [...known, ...standing.filter(e => !addresses.has(e.address))];
}

/** What leads to hosts that were not read stays as it is. */
function away({ on, byHost, device, view }: Spot): FdbSpec['entries'] {
  const known = new Set([...byHost.values()].map(u => u.address));
  return on.hosts.every(host => byHost.has(host)) ? [] : standingEntries(view, device.name, known);
}
