import { z } from 'zod';
import { closed, key, oneOrMore } from './blocks.js';
import { mtu } from './phrases.js';

/** A switch of a kind: what all switches have, and the kind's own keys, and those it has for each of its hosts. */
export function switchObject<K extends z.ZodLiteral<string>, S extends z.core.$ZodLooseShape>(
  kind: K,
  own: S,
  perHost: z.core.$ZodLooseShape = {},
) {
  return closed({ kind, ...commonKeys(perHost), ...own });
}

function commonKeys(perHost: z.core.$ZodLooseShape) {
  const each = closed(perHost);
  return {
    host: key(z.string(), 'The host it is on.'),
    hosts: key(
      z.union([z.array(z.string()).min(1), z.record(z.string(), z.union([z.null(), each]))]),
      'The hosts it is on; as a map, with keys for each.',
    ),
    subnet: key(oneOrMore(z.string()), 'The subnet of its ports, one per family.'),
    range: key(oneOrMore(z.string()), 'What addresses are allotted from; by default the subnet.'),
    gateway: key(oneOrMore(z.string()), 'The gateway of its ports.'),
    mtu: key(mtu(), 'The MTU of its ports.'),
  };
}
