import { deviceAlias, hashedMac, resourceId } from '../core/index.js';
import type { Group, HostName, HostView, Resolved, ResolvedSegment, Resource } from '../core/index.js';
import type { FdbSpec, NeighbourSpec, VxlanSpec } from '../kinds/index.js';
import { FLOOD_MAC } from '../tools/index.js';
import { acceptBridged, bridgeRef, bridgeResource } from './bridge.js';
import { makeResource } from './resource.js';
import { stationsOf } from './stations.js';
import type { Station } from './stations.js';
import { standingEntries } from './standing.js';
import { underlays } from './underlay.js';
import type { Underlay } from './underlay.js';

/**
 * A VXLAN of mode l2: on each of its hosts a bridge, and on that a `vxlan<VNI>` with an entry for each MAC that the file gives to a
 * port elsewhere (RFC 7348) and, where it floods, the all-zero one for every peer. Who has a declared address the bridge answers
 * itself (RFC 7432 10). `mtu` in bytes.
 */
export function compileSegment(
  resolved: Resolved,
  on: ResolvedSegment,
  views: ReadonlyMap<HostName, HostView>,
  mtu: number,
): readonly Resource[] {
  const hosts = resolved.hosts.filter(h => on.hosts.includes(h.name));
  const { byHost } = underlays(hosts, views);
  const stations = stationsOf(resolved, on);
  return [...byHost].flatMap(([host, underlay]) =>
    onHost(resolved, on, host, { underlay, byHost, view: views.get(host), stations, mtu }),
  );
}

interface There {
  readonly underlay: Underlay;
  readonly byHost: ReadonlyMap<HostName, Underlay>;
  readonly view: HostView | undefined;
  readonly stations: readonly Station[];
  readonly mtu: number;
}

function onHost(resolved: Resolved, on: ResolvedSegment, host: HostName, there: There): readonly Resource[] {
  const { underlay, view, stations, mtu } = there;
  const group: Group = { is: 'switch', name: on.name };
  const bridge = bridgeRef(host, on.name);
  const device = { id: resourceId(host, 'vxlan', `vxlan${on.vni}`), name: `vxlan${on.vni}` };
  const make = <Spec>(kind: string, name: string, spec: Spec): Resource<Spec> =>
    makeResource<Spec>(resolved.name, { host, kind, name, group }, spec);
  return [
    bridgeResource(resolved, { host, name: on.name, group }, mtu),
    ...acceptBridged(resolved, { host, view, group, name: on.name, device: bridge.device }),
    make<VxlanSpec>('vxlan', device.name, {
      device: device.name,
      vni: on.vni,
      port: on.port,
      local: underlay.address,
      mtu,
      mac: hashedMac(`${device.name}@${host}`),
      alias: deviceAlias(resolved.name, device.id),
      bridge: { ...bridge, learning: on.flood },
    }),
    make<FdbSpec>('fdb', device.name, forwarding(on, host, device, there)),
    make<NeighbourSpec>('neighbour', on.name, {
      device: { id: bridge.id, name: bridge.device },
      entries: stations.flatMap(({ mac, addresses }) => addresses.map(address => ({ address, mac }))),
    }),
  ];
}

function forwarding(
  on: ResolvedSegment,
  host: HostName,
  device: FdbSpec['device'],
  { byHost, stations, view }: There,
): FdbSpec {
  const peers = [...byHost].filter(([peer]) => peer !== host);
  const entries = peers.flatMap(([peer, { address: dst }]) => [
    ...(on.flood ? [{ mac: FLOOD_MAC, dst }] : []),
    ...stations.filter(s => s.host === peer).map(({ mac }) => ({ mac, dst })),
  ]);
  const all = [...entries, ...away(on, device.name, byHost, view)];
  const behind = all.map(e => e.mac).filter(mac => mac !== FLOOD_MAC);
  return { device, entries: all, behind: [...new Set(behind)] };
}

/** What leads to hosts that were not read stays as it is. */
function away(
  { hosts }: ResolvedSegment,
  device: string,
  byHost: ReadonlyMap<HostName, Underlay>,
  view: HostView | undefined,
): FdbSpec['entries'] {
  const known = new Set([...byHost.values()].map(u => u.address));
  return hosts.every(host => byHost.has(host)) ? [] : standingEntries(view, device, known);
}
