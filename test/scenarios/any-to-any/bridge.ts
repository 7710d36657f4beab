import { container, type EndKind } from './row.js';

/** A Linux bridge, behind which a container speaks. */
export const bridge: EndKind = {
  name: 'bridge',
  place({ id, host, side, address }) {
    const station = container(host, side);
    return {
      end: id,
      switches: { [id]: { kind: 'bridge', host } },
      port: { station, interface: { switch: id, ip: address } },
      station,
    };
  },
};
