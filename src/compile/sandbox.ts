import { OPERATOR, resourceId } from '../core/index.js';
import type { HostName, HostView, Resolved, Resource } from '../core/index.js';
import type { SandboxSpec } from '../kinds/index.js';
import { makeResource } from './resource.js';

/** The sandbox hosts as resources of the operator's machine, and which host lives in which of them. */
export function compileSandboxes(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): { resources: readonly Resource<SandboxSpec>[]; hostResource: ReadonlyMap<HostName, string> } {
  const hosts = resolved.hosts.filter(h => h.sandbox !== undefined);
  // Of one that can't be reached this machine still knows where it is.
  const found = new Map(views.get(OPERATOR)?.inventory.sandboxes.map(s => [s.name, s.address]));
  const resources = hosts.map(host => {
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
  const hostResource = new Map(hosts.map(h => [h.name, resourceId(OPERATOR, 'sandbox', h.sandbox!)]));
  return { resources, hostResource };
}
