import { z } from 'zod';
import type { BridgeDeclaration } from '../core/index.js';
import { key, lazily } from './blocks.js';
import { duration, interfaceAddress, milliseconds, perFamily } from './phrases.js';
import { expandPorted, portedKeys, switchOn } from './switch-common.js';

type BridgeInput = z.input<ReturnType<typeof bridgeSchema>>;

/** A Linux bridge on one host. */
export const bridgeSchema = lazily(() =>
  switchOn(z.literal('bridge'), {
    host: z.string().describe('The host it is on.'),
    ...portedKeys(),
    address: key(perFamily(interfaceAddress()), "The host's own address on it, one per family."),
    stp: key(z.boolean(), 'Whether it speaks the spanning tree protocol (IEEE 802.1D).', false),
    ageing: key(duration(), 'How long a learned address is kept.', '300s'),
    vlan_filtering: key(
      z.boolean(),
      'Whether it knows VLANs; a port that says nothing of them is in VLAN 1.',
      false,
    ),
    group_fwd_mask: key(
      z.union([maskText(), z.int().min(0).max(0xffff)]),
      'Which link-local groups (01:80:c2:00:00:0X) it forwards, a bit each.',
      0,
    ),
  }),
);

/** The input has been validated. */
export function expandBridge(input: BridgeInput): BridgeDeclaration {
  return {
    kind: 'bridge',
    host: input.host,
    ...expandPorted(input),
    addresses: [input.address ?? []].flat(),
    stp: input.stp ?? false,
    ...(input.ageing !== undefined && { ageing: milliseconds(input.ageing) }),
    groupFwdMask: Number(input.group_fwd_mask ?? 0),
    vlanFiltering: input.vlan_filtering ?? false,
  };
}

/** Of 16 bits the lowest three are not for anybody to forward: BR_GROUPFWD_RESTRICTED (linux/net/bridge/br_private.h). */
function maskText(): z.ZodString {
  return z.string().regex(/^0x[0-9a-fA-F]{1,4}$/);
}
