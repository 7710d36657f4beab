import { resourceId, switchesOf } from '../core/index.js';
import type { SwitchEnd } from '../core/index.js';
import { switchBridge } from './bridge.js';
import { holderId } from './holder.js';
import { enslave, jointOf } from './joint.js';
import { valePortOf } from './vale.js';
import { vdePort } from './vde-ports.js';
import { vppAt } from './vpp.js';
import { vppPort } from './vpp-port.js';
import type { Port, Side, WireSurroundings } from './wire-parts.js';

/** How one end of a link takes a wire, on its host. */
export function portOf(side: Side, around: WireSurroundings): Port {
  const { end, host } = side;
  switch (end.is) {
    case 'service': {
      const own = resourceId(host, 'container', end.replica);
      const id = end.isHeld ? holderId(own) : own;
      const { container } = end;
      return { place: { is: 'container', id, container }, before: [], join: () => [] };
    }
    case 'switch':
      return switchPort({ ...side, end }, around);
    case 'device': {
      const { bridge, resources } = jointOf({ ...side, end }, around);
      return { place: { is: 'bridge', ...bridge }, before: resources, join: () => [] };
    }
  }
}

/** By the kind of the switch; those that are bridges on each of their hosts are all alike. */
function switchPort(side: Side<SwitchEnd>, around: WireSurroundings): Port {
  const vpp = vppAt(around.resolved, side.end);
  if (vpp) return vppPort(side, vpp, around);
  const vale = switchesOf(around.resolved, 'vale').find(s => s.name === side.end.switch);
  if (vale) return valePortOf(side, vale, around);
  const vde = switchesOf(around.resolved, 'vde').find(s => s.name === side.end.switch);
  if (vde) return vdePort(side, vde, around);
  const bridge = switchBridge(around.resolved, side.host, side.end.switch);
  return {
    place: { is: 'bridge', ...bridge },
    before: [],
    join: (device, wire) => (wire ? [] : [enslave(side, device, bridge, around)]),
  };
}
