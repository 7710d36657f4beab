import type { DeviceEnd, Group, Resource } from '../core/index.js';
import type { EnslaveSpec } from '../kinds/index.js';
import { acceptBridged, bridgeRef, bridgeResource } from './bridge.js';
import { makeResource } from './resource.js';
import { groupOf } from './wire-parts.js';
import type { Side, WireSurroundings } from './wire-parts.js';

/** A bridge that is there for one end of a link alone, `name`, so that a wire can lead to it. */
export function jointBridge(
  { link, host, n }: Side,
  name: string,
  { resolved, spans, views }: WireSurroundings,
): { readonly bridge: EnslaveSpec['bridge']; readonly resources: readonly Resource[] } {
  const bridge = bridgeRef(host, name);
  const group: Group = { is: 'host', name: host };
  const at = { host, view: views.get(host), group, name, device: bridge.device };
  return {
    bridge,
    resources: [
      bridgeResource(resolved, { host, name, group }, spans.mtuOf(link, n)),
      ...acceptBridged(resolved, at),
    ],
  };
}

/** A bridge that is there for a device of the host alone. */
export function jointOf(
  side: Side<DeviceEnd>,
  around: WireSurroundings,
): { readonly bridge: EnslaveSpec['bridge']; readonly resources: readonly Resource[] } {
  const { host, device } = side.end;
  const { bridge, resources } = jointBridge(side, `${host}:${device}`, around);
  return { bridge, resources: [...resources, enslave(side, device, bridge, around)] };
}

/** A device of the host's own, made a port of a bridge. */
export function enslave(
  { link, host }: Side,
  device: string,
  bridge: EnslaveSpec['bridge'],
  { resolved }: WireSurroundings,
): Resource<EnslaveSpec> {
  const at = { host, kind: 'enslave', name: device, group: groupOf(link) };
  return makeResource<EnslaveSpec>(resolved.name, at, { topology: resolved.name, device, bridge });
}
