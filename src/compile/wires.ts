import { resourceId } from '../core/index.js';
import type { ResolvedLink, Resource } from '../core/index.js';
import type { MacvlanSpec, TunnelSpec, VethSpec } from '../kinds/index.js';
import { enslave, jointOf } from './joint.js';
import { hostsOfLink } from './link-hosts.js';
import { portOf } from './ports.js';
import { sharedWire } from './shared-wire.js';
import { standingTunnel } from './standing.js';
import { makeWire, plugOf } from './wire-parts.js';
import type { Side, WireSurroundings } from './wire-parts.js';

/** The UDP port of links' own tunnels (IANA, RFC 7348). */
export const VXLAN_PORT = 4789;

/**
 * Which medium joins the two ends of a link. On one host a veth pair, straight between namespaces where both ends are containers;
 * a device of the host is a port of the switch at the other end, or bears a macvlan for a container. Across hosts a VXLAN of its
 * own, whose devices stand where the ends are: nothing between bridges the frames, so all of them pass.
 */
export function compileLink(link: ResolvedLink, around: WireSurroundings): readonly Resource[] {
  const hosts = hostsOfLink(around.resolved, link);
  const sideOf = (n: 0 | 1): Side => ({ link, end: link.ends[n], host: hosts[n], n });
  const [a, b] = [sideOf(0), sideOf(1)];
  const shared = sharedWire(a, b, around);
  if (shared) return shared;
  if (a.host !== b.host) return [...crossed(a, b, around), ...crossed(b, a, around)];
  return (
    direct(a, b, around) ??
    direct(b, a, around) ??
    switched(a, b, around) ??
    switched(b, a, around) ??
    (a.end.is === 'service' ? paired(b, a, around) : paired(a, b, around))
  );
}

/** A device of the host that needs no wire: it is a port of the switch at the other end, or the parent of a macvlan. */
function direct(side: Side, other: Side, around: WireSurroundings): readonly Resource[] | undefined {
  const { end, host, link } = side;
  if (end.is !== 'device') return undefined;
  if (other.end.is === 'switch') {
    const { before, join } = portOf(other, around);
    return [...before, ...join(end.device)];
  }
  if (other.end.is === 'device') {
    const joint = jointOf({ ...side, end }, around);
    return [...joint.resources, enslave(other, other.end.device, joint.bridge, around)];
  }
  if (end.via === 'enslave') return undefined;
  const { place } = portOf(other, around);
  const plugs = [plugOf(other, place, '', around)];
  return [makeWire<MacvlanSpec>(link, host, 'macvlan', around, { plugs, parent: end.device })];
}

/** A switch that makes the device itself, where the other end is. */
function switched(side: Side, other: Side, around: WireSurroundings): readonly Resource[] | undefined {
  const { wire } = portOf(side, around);
  if (!wire) return undefined;
  const { place, before, join } = portOf(other, around);
  const plug = plugOf(other, place, resourceId(side.host, 'wire', side.link.name), around);
  const made = wire(plug);
  return [...before, ...made, ...join(plug.device, made[0])];
}

/** A veth pair. */
function paired(first: Side, second: Side, around: WireSurroundings): readonly Resource[] {
  const { link, host } = first;
  const [one, other] = [portOf(first, around), portOf(second, around)];
  const id = resourceId(host, 'veth', link.name);
  const ends = [
    plugOf(first, one.place, id, around),
    plugOf(second, other.place, `${id}/other`, around),
  ] as const;
  const veth = makeWire<VethSpec>(link, host, 'veth', around, { plugs: ends });
  return [
    ...one.before,
    ...other.before,
    veth,
    ...one.join(ends[0].device, veth),
    ...other.join(ends[1].device, veth),
  ];
}

/** One host's end of a link that crosses hosts. Nothing where the far host is not known this time. */
function crossed(near: Side, far: Side, around: WireSurroundings): readonly Resource[] {
  const { link, host } = near;
  const between = tunnelEnds(near, far, around);
  if (!between) return [];
  const { place, before, join } = portOf(near, around);
  const plug = plugOf(near, place, resourceId(host, 'tunnel', link.name), around);
  const tunnel = { vni: link.vni, port: VXLAN_PORT, ...between };
  const wire = makeWire<TunnelSpec>(link, host, 'tunnel', around, { plugs: [plug], ...tunnel });
  return [...before, wire, ...join(plug.device, wire)];
}

/** The underlay addresses of both ends; towards a host that was not read, those that the tunnel has. */
function tunnelEnds(
  near: Side,
  far: Side,
  { resolved, views, crossings }: WireSurroundings,
): Pick<TunnelSpec, 'local' | 'remote'> | undefined {
  const { underlayOf } = crossings.between(near.host, far.host);
  const [local, remote] = [underlayOf.get(near.host), underlayOf.get(far.host)];
  if (local && remote) return { local: local.address, remote: remote.address };
  const data = standingTunnel(resolved, views.get(near.host), near.host, near.link.name)?.data;
  const [own, other] = [data?.['local'] ?? data?.['local6'], data?.['remote'] ?? data?.['remote6']];
  return typeof own === 'string' && typeof other === 'string' ? { local: own, remote: other } : undefined;
}
