import { container, type EndKind } from './row.js';

/** A VDE switch, a process, behind which a container speaks. */
export const vde: EndKind = {
  name: 'vde',
  place({ id, host, side, address }) {
    const station = container(host, side);
    return {
      end: id,
      switches: { [id]: { kind: 'vde', host } },
      port: { station, interface: { switch: id, ip: address } },
      station,
    };
  },
};
