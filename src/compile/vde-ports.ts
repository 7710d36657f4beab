import { base32Hash, deviceAlias, deviceName, resourceId } from '../core/index.js';
import type { ResolvedVde, Resource, SwitchEnd } from '../core/index.js';
import type { PlugSpec, TapSpec, VdePlugSpec } from '../kinds/index.js';
import { vdePlugStem } from '../tools/index.js';
import { enslave, jointBridge } from './joint.js';
import { makeResource } from './resource.js';
import { madeSwitch, vdeSockets } from './vde.js';
import { plugOf } from './wire-parts.js';
import type { Port, Side, WireSurroundings } from './wire-parts.js';

/**
 * A VDE switch takes no device of the kernel's: a process has a port of it and, at its other end, a tap. That stands where the other
 * end of the link is; where that has a device already, a tunnel's or the host's own, both are ports of a bridge for this link alone.
 */
export function vdePort(side: Side<SwitchEnd>, on: ResolvedVde, around: WireSurroundings): Port {
  const { link, host } = side;
  const name = `${link.name} on ${on.name}`;
  const { bridge, resources } = jointBridge(side, name, around);
  const place = { is: 'bridge', ...bridge } as const;
  // What the switch sends to the link leaves by the device beside the tap, on the same bridge: that one is impaired.
  const { qdisc: _, ...plug } = plugOf(side, place, resourceId(host, 'tap', name), around);
  return {
    place,
    before: [...resources, ...tapOf(side, on, name, plug, around)],
    join: (device, wire) => (wire ? [] : [enslave(side, device, bridge, around)]),
    wire: far => tapOf(side, on, link.name, far, around),
  };
}

/** A tap where `plug` says, and the process that joins it with the switch. */
function tapOf(
  { end, host }: Side<SwitchEnd>,
  on: ResolvedVde,
  name: string,
  plug: PlugSpec,
  { resolved, views }: WireSurroundings,
): readonly Resource[] {
  const topology = resolved.name;
  const process = resourceId(host, 'vde_plug', name);
  const device = plug.place.is === 'container' ? deviceName(process) : plug.device;
  const key = base32Hash(process).slice(0, 12);
  const made = madeSwitch(on, views.get(host));
  const at = { host, name, group: { is: 'switch', name: on.name } as const };
  const alias = deviceAlias(topology, resourceId(host, 'tap', name));
  return [
    makeResource<TapSpec>(
      topology,
      { ...at, kind: 'tap' },
      { topology, alias, plugs: [plug], process: { id: process, device } },
    ),
    makeResource<VdePlugSpec>(
      topology,
      { ...at, kind: 'vde_plug' },
      {
        ...vdeSockets(topology, on),
        ...{ topology, key, stem: vdePlugStem(topology, key), tap: device },
        ...(end.vlan && { vlans: end.vlan }),
        ...(made !== undefined && { switch: made }),
      },
    ),
  ];
}
