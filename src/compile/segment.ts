import { deviceAlias, hashedMac, resourceId, stretchedAt } from '../core/index.js';
import type { Group, HostName, HostView, Resolved, ResolvedSegment, Resource } from '../core/index.js';
import type { FdbSpec, GatewaySpec, NeighbourSpec, VxlanSpec } from '../kinds/index.js';
import { acceptBridged, bridgeResource, switchBridge } from './bridge.js';
import { makeResource } from './resource.js';
import { answers, flooding, forwarding } from './segment-tables.js';
import type { Spot } from './segment-tables.js';
import { containersOn, stationsOf } from './stations.js';
import type { Station } from './stations.js';
import { underlays } from './underlay.js';

/**
 * A VXLAN of mode l2: on each of its hosts a bridge, or that of the Docker network stretched over it, and on that a `vxlan<VNI>` with
 * an entry for each MAC that is known to be elsewhere and, where it floods, the all-zero one for every peer. Who has a known address
 * the bridge answers itself (RFC 7432 10). `mtu` in bytes.
 */
export function compileSegment(
  resolved: Resolved,
  on: ResolvedSegment,
  views: ReadonlyMap<HostName, HostView>,
  mtu: number,
): readonly Resource[] {
  const hosts = resolved.hosts.filter(h => on.hosts.includes(h.name));
  const { byHost } = underlays(hosts, views);
  const known = { declared: stationsOf(resolved, on), containers: containersOn(resolved, on, views) };
  return [...byHost].flatMap(([host, { address: local }]) => {
    const bridge = switchBridge(resolved, host, on.name);
    const device = { id: resourceId(host, 'vxlan', `vxlan${on.vni}`), name: `vxlan${on.vni}` };
    const view = views.get(host);
    const spot = { on, host, view, byHost, device, bridge: { id: bridge.id, name: bridge.device } };
    const at = { host, group: { is: 'switch', name: on.name } as const };
    const spec: VxlanSpec = {
      device: device.name,
      vni: on.vni,
      port: on.port,
      local,
      mtu,
      mac: hashedMac(`${device.name}@${host}`),
      alias: deviceAlias(resolved.name, device.id),
      bridge: { ...bridge, learning: on.flood },
    };
    return [
      ...bridgesOf(resolved, spot, mtu),
      makeResource(resolved.name, { ...at, kind: 'vxlan', name: device.name }, spec),
      ...tables(resolved, spot, known),
    ];
  });
}

/** What the segment's device is a port of. */
function bridgesOf(
  resolved: Resolved,
  { on: { name }, host, view, bridge }: Spot,
  mtu: number,
): readonly Resource[] {
  const group: Group = { is: 'switch', name };
  const stretched = stretchedAt(resolved, name, host);
  if (!stretched)
    return [
      bridgeResource(resolved, { host, name, group }, mtu),
      ...acceptBridged(resolved, { host, view, group, name, device: bridge.name }),
    ];
  const spec: GatewaySpec = {
    topology: resolved.name,
    network: resourceId(host, 'network', `${stretched.stack}/${stretched.network.key}`),
    device: bridge.name,
    mac: hashedMac(`${resolved.name} ${name} gateway`),
    alias: deviceAlias(resolved.name, bridge.id),
  };
  return [makeResource(resolved.name, { host, kind: 'gateway', name, group }, spec)];
}

/**
 * Who is where. What the file declares is there before containers run; what engines give is known only after, and a host's own containers
 * answer for themselves: after a restart, the host would go on with what they had before.
 */
function tables(
  resolved: Resolved,
  spot: Spot,
  { declared, containers }: Readonly<Record<'declared' | 'containers', readonly Station[]>>,
): readonly Resource[] {
  const { on, host, device, bridge } = spot;
  const make = <Spec>(kind: string, name: string, spec: Spec): Resource<Spec> =>
    makeResource<Spec>(resolved.name, { host, kind, name, group: { is: 'switch', name: on.name } }, spec);
  const isStretched = resolved.stacks.some(s => s.networks.some(n => n.stretch === on.name));
  if (!isStretched) {
    const { entries, behind } = forwarding(spot, declared);
    return [
      make<FdbSpec>('fdb', device.name, { device, entries: [...flooding(spot), ...entries], behind }),
      make<NeighbourSpec>('neighbour', on.name, { device: bridge, entries: answers(spot, declared) }),
    ];
  }
  const far = [...declared, ...containers.filter(c => c.host !== host)];
  return [
    make<FdbSpec>('fdb', device.name, { device, entries: flooding(spot), only: 'flood' }),
    make<FdbSpec>('container_fdb', on.name, { device, ...forwarding(spot, far), only: 'others' }),
    make<NeighbourSpec>('container_neighbour', on.name, { device: bridge, entries: answers(spot, far) }),
  ];
}
