import { z } from 'zod';
import type { UserspaceDeclaration } from '../core/index.js';
import { closed, key, lazily } from './blocks.js';

/** How a container's own VPP is configured for memif and vhost-user. */
export const userspaceSchema = lazily(() =>
  closed({
    configure: key(
      z.enum(['vppctl', 'userspace-cni']),
      'By vppctl in the container, or by the files that the Userspace CNI writes.',
      'vppctl',
    ),
    allow_version_mismatch: key(z.boolean(), 'Whether the two VPPs may be of different versions.', false),
  }),
);

/** The input has been validated. */
export function expandUserspace(input: z.input<ReturnType<typeof userspaceSchema>>): UserspaceDeclaration {
  return {
    configure: input.configure ?? 'vppctl',
    allowVersionMismatch: input.allow_version_mismatch ?? false,
  };
}
