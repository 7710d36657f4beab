import { deviceName, hashedMac, resourceId } from '../core/index.js';
import type { ResolvedVpp, Resource, SwitchEnd } from '../core/index.js';
import type { PlugSpec, TapSpec, VppTapSpec } from '../kinds/index.js';
import { vppTapName } from '../tools/index.js';
import { makeResource } from './resource.js';
import { vppPortOf } from './vpp.js';
import { groupOf, makeWire } from './wire-parts.js';
import type { Side, WireSurroundings } from './wire-parts.js';

/** A tap where `plug` says, and VPP's end of it, by its number. It is made on the host, where VPP can make one wherever VPP itself runs, and moved. */
export function vppTap(
  number: number,
  { link, end, host }: Side<SwitchEnd>,
  on: ResolvedVpp,
  plug: PlugSpec,
  around: WireSurroundings,
): readonly Resource[] {
  const { resolved } = around;
  const id = resourceId(host, 'vpp_tap', link.name);
  const device = plug.place.is === 'container' ? deviceName(id) : plug.device;
  const { vppctl, port } = vppPortOf(resolved, on, host, id);
  return [
    makeWire<TapSpec>(link, host, 'tap', around, { plugs: [plug], process: { id, device } }),
    makeResource<VppTapSpec>(
      resolved.name,
      { host, kind: 'vpp_tap', name: link.name, group: groupOf(link) },
      {
        topology: resolved.name,
        vppctl,
        port: { ...port, up: end.up },
        name: vppTapName(number),
        number,
        mac: hashedMac(`${resolved.name} ${id}`),
        device,
        end: { place: plug.place, device: plug.device },
      },
    ),
  ];
}
