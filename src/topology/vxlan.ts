import { z } from 'zod';
import type { VxlanDeclaration } from '../core/index.js';
import { closed, key, later, lazily, notYet, oneOrMore } from './blocks.js';
import { mtu, perFamily, portNumber, subnet } from './phrases.js';

type VxlanInput = z.input<ReturnType<typeof vxlanSchema>>;

/** A VXLAN (RFC 7348): a routed fabric between stacks. */
export const vxlanSchema = lazily(() =>
  closed({
    kind: z.literal('vxlan'),
    vni: key(z.int().min(1).max(0xffffff), 'The VXLAN network identifier; by default allotted.'),
    port: key(portNumber(), 'The UDP port.', 4789),
    mode: key(
      z.union([z.literal('routed'), notYet(z.literal('l2'), 'mode l2 is', 'mode routed is there')]),
      'Routed between stacks, or one segment.',
      'routed',
    ),
    subnet: key(perFamily(subnet()), "The subnet of the stacks' overlay addresses, one per family."),
    range: key(perFamily(subnet()), 'What overlay addresses are allotted from; by default the subnet.'),
    mtu: key(mtu(), 'The MTU; by default what the underlay leaves.'),
    host_access: key(z.boolean(), 'Whether the fabric reaches the hosts themselves.', false),
    flood: later(z.boolean(), 'Whether frames to unknown addresses go to all hosts (l2).'),
    encrypt: later(z.literal('wireguard'), 'Carries the tunnel inside WireGuard.'),
    gateway: later(oneOrMore(z.string()), 'The gateway of its ports (l2).'),
    host: later(z.string(), 'The host it is on; a routed one is where its stacks are.'),
    hosts: later(
      z.union([z.array(z.string()), z.looseObject({})]),
      'The hosts it is on; a routed one is where its stacks are.',
    ),
  }),
);

/** The input has been validated. */
export function expandVxlan(input: VxlanInput): VxlanDeclaration {
  return {
    kind: 'vxlan',
    ...(input.vni !== undefined && { vni: input.vni }),
    port: input.port ?? 4789,
    subnets: [input.subnet ?? []].flat(),
    ranges: [input.range ?? []].flat(),
    ...(input.mtu !== undefined && { mtu: input.mtu }),
    hostAccess: input.host_access ?? false,
  };
}
