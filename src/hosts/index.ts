import { TopoError, type Host } from '../core/index.js';
import { openLocal } from './local.js';
import type { HostOptions, HostTarget } from './target.js';

export { endLeftovers } from './leftovers.js';
export { reopen } from './reopen.js';
export { describeTarget } from './target.js';
export type { HostOptions, HostTarget } from './target.js';

/**
 * Connects to a host. In goes how it is reached; out comes commands and the Engine API over one connection. Knows nothing
 * of topologies. Throws TopoError (`host.*`, `engine.*`, `sandbox.*`), each with what to do about it. ssh2 is loaded only when needed.
 */
export async function openHost(target: HostTarget, options: HostOptions): Promise<Host> {
  const { form } = target;
  switch (form.is) {
    case 'local':
      return openLocal(target, options);
    case 'ssh':
      return (await import('./ssh.js')).openSsh(target, form, options);
    case 'sandbox':
      if (target.sandbox === undefined)
        throw new TopoError(`host ${target.name} is a sandbox without a name`, {
          code: 'bug.host',
          who: 'topo',
        });
      return (await import('./sandbox.js')).openSandbox(target, target.sandbox, options);
  }
}
