import { z } from 'zod';
import { closed, key, lazily, oneOrMore } from './blocks.js';

/** Other topology files whose content belongs to this one. */
export const includeSchema = lazily(() =>
  z.union([
    z.string().min(1),
    z.array(
      z.union([
        z.string().min(1),
        closed({
          path: oneOrMore(z.string().min(1)).describe('The file, or files that are merged.'),
          project_directory: key(z.string(), 'What its relative paths are taken from.'),
          env_file: key(oneOrMore(z.string()), 'Variables for it.'),
        }),
      ]),
    ),
  ]),
);
