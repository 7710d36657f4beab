import { z } from 'zod';
import { closed, key, lazily } from './blocks.js';
import { impairSchema } from './impair.js';
import { endSchema, viaSchema } from './interface.js';
import { mtu } from './phrases.js';

/** A link: its two ends, or a map that holds them. */
export const linkSchema = lazily(() =>
  z
    .union([
      ends(),
      closed({
        ends: ends().describe('The two ends.'),
        mtu: key(mtu(), 'The MTU of both ends.'),
        up: key(z.boolean(), 'Whether it is up; false: there, but down.', true),
        impair: key(impairSchema(), 'What is done to the packets of both ends.'),
        via: key(viaSchema(), 'The medium.', 'auto'),
        encrypt: key(z.literal('wireguard'), 'Carries it inside WireGuard.'),
      }),
    ])
    .meta({ id: 'link', description: 'A link between two ends, on one host or not.' }),
);

function ends() {
  return z.array(endSchema()).length(2);
}
