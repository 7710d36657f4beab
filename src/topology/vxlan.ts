import { z } from 'zod';
import type { SegmentDeclaration, VxlanDeclaration } from '../core/index.js';
import { closed, complain, isMap, key, later, lazily } from './blocks.js';
import { mtu, perFamily, portNumber, subnet } from './phrases.js';
import { expandPorted, portedKeys } from './switch-common.js';

type VxlanInput = z.input<ReturnType<typeof vxlanSchema>>;

/** A VXLAN (RFC 7348): a routed fabric between stacks, or one Ethernet segment on several hosts. */
export const vxlanSchema = lazily(() =>
  closed({
    kind: z.literal('vxlan'),
    vni: key(z.int().min(1).max(0xffffff), 'The VXLAN network identifier; by default allotted.'),
    port: key(portNumber(), 'The UDP port.', 4789),
    mode: key(z.enum(['routed', 'l2']), 'Routed between stacks, or one segment.', 'routed'),
    subnet: key(
      perFamily(subnet()),
      "The subnet of the stacks' overlay addresses (routed) or of its ports (l2), one per family.",
    ),
    range: key(perFamily(subnet()), 'What addresses are allotted from; by default the subnet.'),
    mtu: key(mtu(), 'The MTU; by default what the underlay leaves.'),
    host_access: key(z.boolean(), 'Whether the fabric reaches the hosts themselves (routed).', false),
    gateway: portedKeys().gateway,
    host: key(z.string(), 'The host it is on (l2).'),
    hosts: key(
      z.union([z.array(z.string()).min(1), z.record(z.string(), z.null())]),
      'The hosts it is on (l2); by default those of its ports.',
    ),
    flood: key(
      z.boolean(),
      'Whether frames to all and to addresses that the file does not know go to all hosts (l2).',
      true,
    ),
    encrypt: later(z.literal('wireguard'), 'Carries the tunnel inside WireGuard.'),
  }).superRefine(checkMode, { when: ({ value }) => isMap(value) }),
);

const ONLY = { routed: ['host_access'], l2: ['flood', 'gateway', 'host', 'hosts'] } as const;

/** Keys that only the other mode knows. */
function checkMode(value: Record<string, unknown>, context: z.RefinementCtx): void {
  const mode = value['mode'] === 'l2' ? 'l2' : 'routed';
  const other = mode === 'l2' ? 'routed' : 'l2';
  for (const name of ONLY[other].filter(key => value[key] !== undefined)) {
    const summary = `"${name}" is for mode ${other}, and this switch is of mode ${mode}`;
    const hint = mode === 'l2' ? `leave ${name} out` : `leave ${name} out, or set mode: l2`;
    complain(context, { is: 'said', code: 'key.conflict', summary, hint, at: 'key' }, [name]);
  }
}

/** The input has been validated. */
export function expandVxlan(input: VxlanInput): VxlanDeclaration | SegmentDeclaration {
  return input.mode === 'l2' ? expandSegment(input) : expandRouted(input);
}

function expandSegment(input: VxlanInput): SegmentDeclaration {
  const listed = isMap(input.hosts) ? Object.keys(input.hosts) : input.hosts;
  const hosts = input.host === undefined ? listed : [input.host];
  return {
    kind: 'segment',
    ...(input.vni !== undefined && { vni: input.vni }),
    port: input.port ?? 4789,
    ...expandPorted(input),
    ...(hosts !== undefined && { hosts }),
    flood: input.flood ?? true,
  };
}

function expandRouted(input: VxlanInput): VxlanDeclaration {
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
