import { z } from 'zod';
import { key, oneOrMore } from './blocks.js';

/** Keys of a VPP bridge domain; with one host, those that it has per host may stand beside them. */
export function vppKeys() {
  return {
    ...vppHostKeys(),
    tunnel: key(z.enum(['vxlan', 'uplink']), 'What joins its hosts; uplink where every host has one.'),
    vni: key(z.int().min(1).max(0xffffff), 'The VXLAN network identifier; by default allotted.'),
    bridge_domain: key(z.int().min(1).max(0xffffff), 'The id of the bridge domain; by default allotted.'),
    learn: key(z.boolean(), 'Whether it learns addresses.'),
    arp_term: key(z.boolean(), 'Whether it answers ARP itself.'),
  };
}

/** Keys that it has for each of its hosts. */
export function vppHostKeys() {
  return {
    bvi: key(oneOrMore(z.string()), 'The address of its own interface in the domain.'),
    uplink: key(z.string(), 'An interface of VPP, or a kernel device.'),
  };
}
