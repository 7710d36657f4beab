import { addVeth } from '../tools/index.js';
import { wireEnd } from './plug.js';
import { wireKind, type WireSpec } from './wire.js';

/** A pair of virtual Ethernet devices on one host; two plugs. */
export type VethSpec = WireSpec;

/** Both ends are made in one go and die together. */
export const veth = wireKind<VethSpec>({
  name: 'veth',
  noun: 'veth pair',
  device: 'veth',
  add: ({ plugs, topology }) => addVeth([wireEnd(plugs[0]!), wireEnd(plugs[1]!)], topology),
});
