import type { HostName, Resolved } from '../core/index.js';
import type { Vppctl } from '../tools/index.js';

/** How vppctl is called on a host. */
export function vppctlOf({ hosts }: Resolved, host: HostName): Vppctl {
  return hosts.find(h => h.name === host)?.vppctl ?? ['vppctl'];
}
