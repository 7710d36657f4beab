import { TopoError } from '../core/index.js';
import type { Host, NetnsRef } from '../core/index.js';
import { inspectContainer } from '../tools/index.js';

/** The engine's own path of a container's namespace: never a bare pid, which may be another's by now. Throws where it does not run. */
export async function namespacePath(host: Host, { container }: NetnsRef): Promise<string> {
  const path = sandboxKey((await host.engine(inspectContainer(container))).body);
  if (path !== '') return path;
  throw new TopoError(`container ${container} does not run, so nothing can be put into it`, {
    code: 'container.down',
    who: 'host',
    host: host.name,
    hint: `see why it ended: topo logs, or docker logs ${container}`,
  });
}

/** Empty where the container does not run. */
export function sandboxKey(inspected: unknown): string {
  return (inspected as { NetworkSettings?: { SandboxKey?: string } }).NetworkSettings?.SandboxKey ?? '';
}
