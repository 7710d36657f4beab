import { z } from 'zod';
import { closed, key, oneOrMore } from './blocks.js';

/** What brings a service keys and variables from elsewhere; it is done before the service is looked at. */
export function sourceKeys() {
  return {
    env_file: key(
      z.union([file(), z.array(z.union([file(), envFile()]))]),
      'Files with variables for its environment, which wins over them; a later file wins over an earlier one.',
    ),
    label_file: key(
      oneOrMore(file()),
      'Files with labels, which its own win over; a later file wins over an earlier one.',
    ),
    extends: key(
      z.union([
        z.string().min(1),
        closed({
          service: z.string().min(1).describe('The service.'),
          file: key(file(), 'The Compose file that it is in; by default this one.'),
        }),
      ]),
      'A service whose keys this one takes; what it says itself is merged over them.',
    ),
    profiles: key(
      z.array(z.string().min(1)),
      "Profiles of which one must be on: in the stack's profiles, or in COMPOSE_PROFILES.",
    ),
  };
}

function envFile() {
  return closed({
    path: file().describe('The file.'),
    required: key(z.boolean(), 'Whether it must be there.', true),
    format: key(z.literal('raw'), 'raw: values as they stand, without quotes and variables.'),
  });
}

function file() {
  return z.string().min(1);
}

/** The Compose files of a stack, and the profiles that are on. */
export function composeKeys() {
  return {
    compose: key(
      oneOrMore(file()),
      'Compose files, merged in their order; what the stack says itself is merged over them.',
    ),
    profiles: key(z.array(z.string()), 'Profiles that are on; by default those of COMPOSE_PROFILES.'),
  };
}
