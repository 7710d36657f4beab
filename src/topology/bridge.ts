import { z } from 'zod';
import { key, oneOrMore } from './blocks.js';

/** Keys of a Linux bridge. */
export function bridgeKeys() {
  return {
    address: key(oneOrMore(z.string()), "The host's own address on it."),
    stp: key(z.boolean(), 'Whether it speaks the spanning tree protocol.', false),
    ageing: key(z.union([z.string(), z.number()]), 'How long a learned address is kept.'),
    vlan_filtering: key(z.boolean(), 'Whether it knows VLANs.'),
    group_fwd_mask: key(
      z.union([z.string(), z.int().min(0).max(0xffff)]),
      'Which link-local groups it forwards.',
    ),
  };
}
