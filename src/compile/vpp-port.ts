import type { ResolvedVpp, Resource, SwitchEnd } from '../core/index.js';
import type { VppHostInterfaceSpec } from '../kinds/index.js';
import { farPlugs } from './plugs.js';
import { vppAt, vppHostInterface } from './vpp.js';
import { vppTap } from './vpp-tap.js';
import type { Port, Side, WireSurroundings } from './wire-parts.js';

/**
 * A VPP switch takes a wire whose device stands on the host, as a host-interface; and a device of the host's own. With `via: tap` it makes
 * the wire itself.
 */
export function vppPort(side: Side<SwitchEnd>, on: ResolvedVpp, around: WireSurroundings): Port {
  const { link, end, host } = side;
  const { tap } = end;
  const { resolved, views } = around;
  // Where a VPP is at both ends, the one wire is a port of each.
  const isBoth = link.ends.every(e => e.is === 'switch' && vppAt(resolved, e));
  const name = isBoth ? `${link.name} on ${on.name}` : link.name;
  const hasEthtool = views.get(host)?.facts.tools['ethtool'] !== undefined;
  return {
    place: { is: 'host' },
    before: [],
    join(device, wire) {
      const sender = wire && hasEthtool ? senderOf(wire, device) : undefined;
      const at = wire
        ? { host, name, device: { id: wire.id, name: device } }
        : { host, name: device, device: { name: device } };
      return [vppHostInterface(resolved, on, at, { up: end.up, ...(sender && { sender }) })];
    },
    ...(tap !== undefined && { wire: plug => vppTap(tap, side, on, plug, around) }),
  };
}

/** The device at the other end of a veth pair: with the offloads that it has at first it hands over frames of 64 kB without checksums. */
function senderOf(wire: Resource, device: string): VppHostInterfaceSpec['sender'] {
  const [other] = farPlugs(wire, device);
  if (!other) return undefined;
  const { place } = other;
  return { device: other.device, ...(place.is === 'container' && { container: place.container }) };
}
