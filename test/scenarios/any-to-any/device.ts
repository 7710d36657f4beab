import type { EndKind, Placed, Spot } from './row.js';

/** A device of the host's own, as topo takes it by itself: beside a container it bears a macvlan. */
export const device: EndKind = {
  name: 'host netdev',
  place(spot) {
    const placed = place(spot);
    return { ...placed, before: `${placed.before}\nip link set ${spot.id} up` };
  },
};

/** The same, always itself a port of a bridge; it is down, as somebody left it. */
export const enslavedDevice: EndKind = {
  name: 'enslaved netdev',
  place(spot) {
    const placed = place(spot, { via: 'enslave' });
    return { ...placed, before: `${placed.before}\nip link set ${spot.id} up\nip link set ${spot.id} down` };
  },
};

/** Who speaks is at the far end of its cable, in a namespace that topo knows nothing of, and has been told the MTU by hand. */
function place(
  { id, host, side, address, mtu }: Spot,
  more: object = {},
): Placed & { readonly before: string } {
  const outside = `${id}x`;
  return {
    end: { at: `${host}:${id}`, ...more },
    before: `ip link add ${id} type veth peer name ${outside} netns ${side}
ip -n ${side} link set ${outside} mtu ${mtu}
ip -n ${side} address add ${address} dev ${outside}
ip -n ${side} link set ${outside} up`,
    station: { host, side, is: 'outside' },
  };
}
