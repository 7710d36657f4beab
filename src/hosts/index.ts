import { TopoError, type Host } from '../core/index.js';
import { ambientEndpoint, contextEndpoint } from './context.js';
import type { Endpoint } from './endpoint.js';
import { openLocal } from './local.js';
import type { HostOptions, HostTarget } from './target.js';

export { readContext } from './build-context.js';
export { endLeftovers } from './leftovers.js';
export { reopen } from './reopen.js';
export { canSimulate } from './local.js';
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
      if (target.dockerSocket !== undefined) return openLocal(target, options);
      return openEndpoint(target, await ambientEndpoint(target.name, options), options);
    case 'context':
      return openEndpoint(target, await contextEndpoint(target.name, form.context, options), options);
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

/** The host that an engine's address leads to, for commands and all; on TCP there is no way for those. */
async function openEndpoint(target: HostTarget, endpoint: Endpoint, options: HostOptions): Promise<Host> {
  switch (endpoint.is) {
    case 'unix':
      return openLocal({ ...target, dockerSocket: target.dockerSocket ?? endpoint.socket }, options);
    case 'ssh': {
      const dockerSocket = target.dockerSocket ?? endpoint.socket;
      const to = { ...target, ...(dockerSocket !== undefined && { dockerSocket }) };
      return (await import('./ssh.js')).openSsh(to, { is: 'ssh', ...endpoint.login }, options);
    }
    case 'tcp':
      return (await import('./engine-only.js')).openTcp(target, endpoint, options);
  }
}
