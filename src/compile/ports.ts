import { resourceId } from '../core/index.js';
import type { Resource, SwitchEnd } from '../core/index.js';
import type { PlugPlace, PlugSpec } from '../kinds/index.js';
import { switchBridge } from './bridge.js';
import { holderId } from './holder.js';
import { enslave, jointOf } from './joint.js';
import type { Side, WireSurroundings } from './wire-parts.js';

/** How an end of a link takes a wire. */
export interface Port {
  /** Where the wire's device stands. */
  readonly place: PlugPlace;
  /** What has to be made for that. */
  readonly before: readonly Resource[];
  /** What joins a device of the host to the switch that the end is: a wire's, or without one a device of the host's own. */
  readonly join: (device: string, wire?: Resource) => readonly Resource[];
  /** Of a switch that makes the device itself: a wire whose one device stands at the other end. */
  readonly wire?: (plug: PlugSpec) => readonly Resource[];
}

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
  const bridge = switchBridge(around.resolved, side.host, side.end.switch);
  return {
    place: { is: 'bridge', ...bridge },
    before: [],
    join: (device, wire) => (wire ? [] : [enslave(side, device, bridge, around)]),
  };
}
