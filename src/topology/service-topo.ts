import { z } from 'zod';
import { key } from './blocks.js';
import { interfaceSchema } from './interface.js';
import { userspaceSchema } from './userspace.js';

/** What a service has beside Compose's keys. */
export function topoServiceKeys() {
  return {
    interfaces: key(z.array(interfaceSchema()), "Ports on topo's switches, plumbed from the host."),
    wait_for_interfaces: key(
      z.boolean(),
      'Whether its program is started once its interfaces and links are there, and these outlive it.',
      false,
    ),
    netmap: key(z.boolean(), 'Whether it is given /dev/netmap.', false),
    userspace: key(userspaceSchema(), 'That it has a VPP of its own, and how that is configured.'),
  };
}
