import type { z } from 'zod';
import type { PortedSwitch } from '../core/index.js';
import { closed, key } from './blocks.js';
import { address, mtu, perFamily, subnet } from './phrases.js';

/** A switch with exactly these keys. */
export function switchOn<K extends z.ZodLiteral<string>, S extends z.core.$ZodLooseShape>(kind: K, own: S) {
  return closed({ kind, ...own });
}

/** What switches whose ports are devices have in common. */
export function portedKeys() {
  return {
    subnet: key(perFamily(subnet()), 'The subnet of its ports, one per family.'),
    range: key(perFamily(subnet()), 'What addresses are allotted from; by default the subnet.'),
    gateway: key(perFamily(address()), 'The gateway of its ports, one per family; never allotted.'),
    mtu: key(mtu(), 'The MTU of its ports; by default what fits everywhere on it.'),
  };
}

/** The input has been validated. */
export function expandPorted(input: z.input<z.ZodObject<ReturnType<typeof portedKeys>>>): PortedSwitch {
  return {
    subnets: [input.subnet ?? []].flat(),
    ranges: [input.range ?? []].flat(),
    gateways: [input.gateway ?? []].flat(),
    ...(input.mtu !== undefined && { mtu: input.mtu }),
  };
}
