import { container, type EndKind } from './row.js';

/** A container of a stack, with an address of its own at the end of the link. */
export const service: EndKind = {
  name: 'service',
  place: ({ host, side, address }) => ({
    end: { at: `${host}/${side}`, ip: address },
    station: container(host, side),
  }),
};
