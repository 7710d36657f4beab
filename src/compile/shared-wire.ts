import { hashedMac, resourceId } from '../core/index.js';
import type { Resource, ServiceEnd, SwitchEnd } from '../core/index.js';
import type { VppMemifSpec, VppVhostUserSpec } from '../kinds/index.js';
import { memifName, SOCKETS, vhostUserName } from '../tools/index.js';
import { makeResource } from './resource.js';
import { socketFile } from './userspace.js';
import { vppAt, vppPortOf } from './vpp.js';
import { groupOf, type Side, type WireSurroundings } from './wire-parts.js';

/**
 * Memory that two VPPs share in place of a wire: of the host's VPP its end, which is a port of the switch; nothing of the host's between
 * two containers. Undefined of other links.
 */
export function sharedWire(a: Side, b: Side, around: WireSurroundings): readonly Resource[] | undefined {
  const [own, other] = a.end.is === 'service' && a.end.shared ? [a, b] : [b, a];
  if (own.end.is !== 'service' || !own.end.shared) return undefined;
  if (other.end.is !== 'switch') return [];
  return [hostEnd({ ...other, end: other.end }, own.end, own.end.shared, around)];
}

function hostEnd(
  { link, host, end }: Side<SwitchEnd>,
  { mac: theirs }: ServiceEnd,
  { via, number }: NonNullable<ServiceEnd['shared']>,
  { resolved }: WireSurroundings,
): Resource {
  const kind = via === 'memif' ? 'vpp_memif' : 'vpp_vhost_user';
  const id = resourceId(host, kind, link.name);
  const at = { host, kind, name: link.name, group: groupOf(link) };
  const { vppctl, port } = vppPortOf(resolved, vppAt(resolved, end)!, host, id);
  const common = {
    topology: resolved.name,
    vppctl,
    port: { ...port, up: end.up },
    socket: `${SOCKETS}/${socketFile(resolved.name, link)}`,
    mac: hashedMac(`${resolved.name} ${id} ${theirs}`),
  };
  return via === 'memif'
    ? makeResource<VppMemifSpec>(resolved.name, at, { ...common, name: memifName(number), socketId: number })
    : makeResource<VppVhostUserSpec>(resolved.name, at, {
        ...common,
        name: vhostUserName(number),
        instance: number,
      });
}
