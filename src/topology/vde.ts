import { z } from 'zod';
import { key } from './blocks.js';

/** Keys of a vde_switch. */
export function vdeKeys() {
  return {
    socket_dir: key(z.string(), 'The directory of its socket; an existing switch unless create is true.'),
    create: key(z.boolean(), 'Whether the switch in socket_dir is made.'),
    management_socket: key(z.string(), 'The path of its management socket.'),
    group: key(z.string(), 'The group that may use it.'),
    socket_mode: key(z.union([z.string(), z.int()]), 'The permissions of its socket.'),
    ports: key(z.int().min(1).max(4096), 'How many ports it has.', 32),
    hub: key(z.boolean(), 'Whether it sends every frame everywhere.', false),
    fstp: key(z.boolean(), 'Whether it speaks the fast spanning tree protocol.', false),
    priority: key(z.int().min(0).max(65535), 'Its priority in the spanning tree.'),
  };
}
