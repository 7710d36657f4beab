import { deviceAlias, hashedMac, resourceId } from '../core/index.js';
import type { Group, HostName, HostView, Resolved, ResolvedSegment, Resource } from '../core/index.js';
import type { FdbSpec, VxlanSpec } from '../kinds/index.js';
import { FLOOD_MAC } from '../tools/index.js';
import { acceptBridged, bridgeRef, bridgeResource } from './bridge.js';
import { makeResource } from './resource.js';
import { standingEntries } from './standing.js';
import { underlays } from './underlay.js';
import type { Underlay } from './underlay.js';

/**
 * A VXLAN of mode l2: on each of its hosts a bridge, and on that a `vxlan<VNI>` with the all-zero entry for every peer (RFC 7348; what
 * nobody declared and what goes to all is flooded) and one for each MAC that the file gives to a port elsewhere. `mtu` in bytes.
 */
export function compileSegment(
  resolved: Resolved,
  on: ResolvedSegment,
  views: ReadonlyMap<HostName, HostView>,
  mtu: number,
): readonly Resource[] {
  const hosts = resolved.hosts.filter(h => on.hosts.includes(h.name));
  const { byHost } = underlays(hosts, views);
  return [...byHost].flatMap(([host, underlay]) =>
    onHost(resolved, on, host, { underlay, byHost, view: views.get(host), mtu }),
  );
}

interface There {
  readonly underlay: Underlay;
  readonly byHost: ReadonlyMap<HostName, Underlay>;
  readonly view: HostView | undefined;
  readonly mtu: number;
}

function onHost(
  resolved: Resolved,
  on: ResolvedSegment,
  host: HostName,
  { underlay, byHost, view, mtu }: There,
): readonly Resource[] {
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
      bridge,
    }),
    make<FdbSpec>('fdb', device.name, {
      device,
      entries: [...entries(resolved, on, host, byHost), ...away(on, device.name, byHost, view)],
    }),
  ];
}

function entries(
  resolved: Resolved,
  on: ResolvedSegment,
  host: HostName,
  byHost: ReadonlyMap<HostName, Underlay>,
): FdbSpec['entries'] {
  return [...byHost].flatMap(([peer, { address: dst }]) =>
    peer === host ? [] : [FLOOD_MAC, ...macsAt(resolved, on, peer)].map(mac => ({ mac, dst })),
  );
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

/** The MACs of ports of a segment on a host, as far as the file knows them. */
function macsAt({ links }: Resolved, on: ResolvedSegment, host: HostName): readonly string[] {
  return links.flatMap(({ ends: [a, b] }) => {
    const [own, other] = a.is === 'switch' && a.switch === on.name ? [a, b] : [b, a];
    const isHere =
      own.is === 'switch' && own.switch === on.name && other.is === 'service' && other.host === host;
    return isHere ? [other.mac] : [];
  });
}
