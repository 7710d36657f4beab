import { deviceAlias, deviceName, resourceId } from '../core/index.js';
import type {
  DeviceEnd,
  Group,
  HostName,
  HostView,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  Resource,
} from '../core/index.js';
import type { EnslaveSpec, MacvlanSpec, PlugPlace, PlugSpec, TunnelSpec, VethSpec } from '../kinds/index.js';
import { acceptBridged, bridgeRef, bridgeResource, switchBridge } from './bridge.js';
import type { Crossings } from './crossings.js';
import { holderId } from './holder.js';
import { hostsOfLink } from './link-hosts.js';
import { makeResource } from './resource.js';
import type { Spans } from './spans.js';
import { standingTunnel } from './standing.js';

/** The UDP port of links' own tunnels (IANA, RFC 7348). */
export const VXLAN_PORT = 4789;

/** What compiling a link takes from the rest. */
export interface WireSurroundings {
  readonly resolved: Resolved;
  readonly views: ReadonlyMap<HostName, HostView>;
  readonly spans: Spans;
  readonly crossings: Crossings;
}

/**
 * Which medium joins the two ends of a link. On one host a veth pair, straight between namespaces where both ends are containers;
 * a device of the host is a port of the switch at the other end, or bears a macvlan for a container. Across hosts a VXLAN of its
 * own, whose devices stand where the ends are: nothing between bridges the frames, so all of them pass.
 */
export function compileLink(link: ResolvedLink, around: WireSurroundings): readonly Resource[] {
  const hosts = hostsOfLink(around.resolved, link);
  const [a, b] = link.ends.map((end, n): Side => ({ end, host: hosts[n]!, n: n as 0 | 1 })) as [Side, Side];
  if (a.host !== b.host) return [...crossed(link, a, b, around), ...crossed(link, b, a, around)];
  const onDevice = direct(link, a, b, around) ?? direct(link, b, a, around);
  if (onDevice) return onDevice;
  const [first, second] = a.end.is === 'service' ? [b, a] : [a, b];
  const [one, other] = [placed(link, first, around), placed(link, second, around)];
  const id = resourceId(a.host, 'veth', link.name);
  const plugs = [
    plugOf(link, first, one.place, `${id}`, around),
    plugOf(link, second, other.place, `${id}/other`, around),
  ];
  return [...one.resources, ...other.resources, make<VethSpec>(link, a.host, 'veth', around, { plugs })];
}

/** An end of a link on its host, the n-th of the two. */
interface Side {
  readonly end: ResolvedEnd;
  readonly host: HostName;
  readonly n: 0 | 1;
}

/** A device of the host that needs no wire: it is a port of the switch at the other end, or the parent of a macvlan. */
function direct(
  link: ResolvedLink,
  side: Side,
  other: Side,
  around: WireSurroundings,
): readonly Resource[] | undefined {
  const { end, host } = side;
  if (end.is !== 'device') return undefined;
  if (other.end.is === 'switch')
    return [enslave(link, end, switchBridge(around.resolved, host, other.end.switch), around)];
  if (other.end.is === 'device') {
    const joint = jointOf(link, end, side.n, around);
    return [...joint.resources, enslave(link, other.end, joint.bridge, around)];
  }
  if (end.via === 'enslave') return undefined;
  const { place } = placed(link, other, around);
  const plugs = [plugOf(link, other, place, '', around)];
  return [make<MacvlanSpec>(link, host, 'macvlan', around, { plugs, parent: end.device })];
}

/** One host's end of a link that crosses hosts. Nothing where the far host is not known this time. */
function crossed(link: ResolvedLink, near: Side, far: Side, around: WireSurroundings): readonly Resource[] {
  const between = tunnelEnds(link, near, far, around);
  if (!between) return [];
  const { place, resources } = placed(link, near, around);
  const id = resourceId(near.host, 'tunnel', link.name);
  const plugs = [plugOf(link, near, place, id, around)];
  const tunnel = { vni: link.vni, port: VXLAN_PORT, ...between };
  return [...resources, make<TunnelSpec>(link, near.host, 'tunnel', around, { plugs, ...tunnel })];
}

/** The underlay addresses of both ends; towards a host that was not read, those that the tunnel has. */
function tunnelEnds(
  link: ResolvedLink,
  near: Side,
  far: Side,
  { resolved, views, crossings }: WireSurroundings,
): Pick<TunnelSpec, 'local' | 'remote'> | undefined {
  const { underlayOf } = crossings.between(near.host, far.host);
  const [local, remote] = [underlayOf.get(near.host), underlayOf.get(far.host)];
  if (local && remote) return { local: local.address, remote: remote.address };
  const data = standingTunnel(resolved, views.get(near.host), near.host, link.name)?.data;
  const [own, other] = [data?.['local'] ?? data?.['local6'], data?.['remote'] ?? data?.['remote6']];
  return typeof own === 'string' && typeof other === 'string' ? { local: own, remote: other } : undefined;
}

/** Where the device of a wire belongs at an end, and what has to be made for that. */
function placed(
  link: ResolvedLink,
  { end, host, n }: Side,
  around: WireSurroundings,
): { readonly place: PlugPlace; readonly resources: readonly Resource[] } {
  switch (end.is) {
    case 'service': {
      const own = resourceId(host, 'container', end.replica);
      const id = end.isHeld ? holderId(own) : own;
      return { place: { is: 'container', id, container: end.container }, resources: [] };
    }
    case 'switch':
      return {
        place: { is: 'bridge', ...switchBridge(around.resolved, host, end.switch) },
        resources: [],
      };
    case 'device': {
      const { bridge, resources } = jointOf(link, end, n, around);
      return { place: { is: 'bridge', ...bridge }, resources };
    }
  }
}

/** A bridge that is there for a device of the host alone, so that a wire can lead to it. */
function jointOf(
  link: ResolvedLink,
  end: DeviceEnd,
  n: 0 | 1,
  around: WireSurroundings,
): { readonly bridge: { id: string; device: string }; readonly resources: readonly Resource[] } {
  const { resolved, spans, views } = around;
  const name = `${end.host}:${end.device}`;
  const bridge = bridgeRef(end.host, name);
  const group: Group = { is: 'host', name: end.host };
  return {
    bridge,
    resources: [
      bridgeResource(resolved, { host: end.host, name, group }, spans.mtuOf(link, n)),
      ...acceptBridged(resolved, {
        host: end.host,
        view: views.get(end.host),
        group,
        name,
        device: bridge.device,
      }),
      enslave(link, end, bridge, around),
    ],
  };
}

function enslave(
  link: ResolvedLink,
  { host, device }: DeviceEnd,
  bridge: EnslaveSpec['bridge'],
  { resolved }: WireSurroundings,
): Resource<EnslaveSpec> {
  const at = { host, kind: 'enslave', name: device, group: groupOf(link) };
  return makeResource<EnslaveSpec>(resolved.name, at, { topology: resolved.name, device, bridge });
}

/** The device at one end; `seed` names that of the host, which has no name of the file's. */
function plugOf(
  link: ResolvedLink,
  { end, n }: Side,
  place: PlugPlace,
  seed: string,
  { spans }: WireSurroundings,
): PlugSpec {
  const mtu = spans.mtuOf(link, n);
  if (end.is !== 'service')
    return { place, device: deviceName(seed), mtu, up: end.up, addresses: [], routes: [] };
  const { device, mac, addresses, routes, up } = end;
  return { place, device, mac, mtu, up, addresses, routes };
}

function make<Spec extends { readonly topology: string; readonly alias: string }>(
  link: ResolvedLink,
  host: HostName,
  kind: string,
  { resolved }: WireSurroundings,
  spec: Omit<Spec, 'topology' | 'alias'>,
): Resource {
  const alias = deviceAlias(resolved.name, resourceId(host, kind, link.name));
  const at = { host, kind, name: link.name, group: groupOf(link) };
  return makeResource(resolved.name, at, { topology: resolved.name, alias, ...spec });
}

/** A link is told under its switch, else under the stack of its first container. */
function groupOf({ ends }: ResolvedLink): Group {
  const on = ends.find(e => e.is === 'switch');
  if (on) return { is: 'switch', name: on.switch };
  const [first] = ends.flatMap(e => (e.is === 'service' ? [e.replica.split('/')[0]!] : []));
  if (first !== undefined) return { is: 'stack', name: first };
  return { is: 'host', name: ends.flatMap(e => (e.is === 'device' ? [e.host] : []))[0] ?? '' };
}
