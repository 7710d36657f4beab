import { container, HOSTS, type EndKind } from './row.js';

/** A VXLAN of mode l2 on both hosts: a container speaks on the other one. */
export const segment: EndKind = {
  name: 'vxlan l2',
  place({ id, host, side, address }) {
    const station = container(host === 'left' ? 'right' : 'left', side);
    return {
      end: id,
      switches: { [id]: { kind: 'vxlan', mode: 'l2', hosts: HOSTS } },
      port: { station, interface: { switch: id, ip: address } },
      station,
      isWide: true,
    };
  },
};
