import { z } from 'zod';
import { closed, key, lazily } from './blocks.js';

/** How a container's own VPP is configured for memif and vhost-user. */
export const userspaceSchema = lazily(() =>
  closed({
    configure: key(
      z.enum(['vppctl', 'userspace-cni']),
      'By docker exec vppctl, or by the files that the Userspace CNI writes.',
    ),
    allow_version_mismatch: key(z.boolean(), 'Whether the two VPPs may be of different versions.', false),
  }),
);
