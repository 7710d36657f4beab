import { z } from 'zod';
import { key } from './blocks.js';

/** Keys of a VALE switch of netmap. */
export function valeKeys() {
  return {
    driver: key(z.enum(['generic', 'native']), 'How devices are attached; by default what the host has.'),
    host_stack: key(z.boolean(), "Whether a device's host stack is attached too (vale-ctl -h).", false),
  };
}
