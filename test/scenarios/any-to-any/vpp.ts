import { CARRIES_FRAMES } from '../../fakes/vpp/test-vpp.js';
import { container, type EndKind } from './row.js';

/** A VPP switch, behind which a container speaks. */
export const vpp: EndKind = {
  name: 'vpp',
  isMute: !CARRIES_FRAMES,
  place({ id, host, side, address }) {
    const station = container(host, side);
    return {
      end: id,
      switches: { [id]: { kind: 'vpp', host } },
      port: { station, interface: { switch: id, ip: address } },
      station,
    };
  },
};
