import { OPERATOR } from '../core/index.js';
import type { HostName, HostView, Resolved, Resource } from '../core/index.js';
import type { SandboxSpec } from '../kinds/index.js';
import { makeResource } from './resource.js';

/** The sandbox hosts as resources of the operator's machine. */
export function compileSandboxes(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Resource<SandboxSpec>[] {
  const hosts = resolved.hosts.filter(h => h.sandbox !== undefined);
  // Of one that can't be reached this machine still knows where it is.
  const found = new Map(views.get(OPERATOR)?.inventory.sandboxes.map(s => [s.name, s.address]));
  return hosts.map(host => {
    const at = {
      host: OPERATOR,
      kind: 'sandbox',
      name: host.sandbox!,
      group: { is: 'host' as const, name: host.name },
    };
    return makeResource<SandboxSpec>(resolved.name, at, {
      name: host.sandbox!,
      topology: resolved.name,
      address: views.get(host.name)?.facts.reachedAt ?? found.get(host.sandbox!) ?? '',
      engine: host.form.is === 'sandbox' ? (host.form.engine ?? '') : '',
    });
  });
}
