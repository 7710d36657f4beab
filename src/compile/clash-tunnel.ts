import { deviceAlias, resourceId } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Link, Resolved, ResolvedLink } from '../core/index.js';
import { describeLink } from '../kinds/index.js';
import { placeOf } from './clash-words.js';
import { everywhere } from './everywhere.js';
import { hostsOfLink } from './link-hosts.js';
import { VXLAN_PORT } from './wires.js';

/** Who holds the VNI of a link's own tunnel on one of its hosts, also where the device stands in a container and can't be seen from outside. */
export function tunnelClashes(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return resolved.links.flatMap(link => {
    const [a, b] = hostsOfLink(resolved, link);
    if (a === b) return [];
    return [a, b].flatMap(host => {
      const own = deviceAlias(resolved.name, resourceId(host, 'tunnel', link.name));
      const isHolder = (l: Link): boolean =>
        l.kind === 'vxlan' && l.data['id'] === link.vni && l.data['port'] === VXLAN_PORT && l.alias !== own;
      const holder = everywhere(views.get(host)).find(isHolder);
      return holder ? [taken(resolved, link, host, holder)] : [];
    });
  });
}

function taken(
  resolved: Resolved,
  { name, vni, path }: ResolvedLink,
  host: HostName,
  holder: Link,
): Diagnostic {
  return {
    severity: 'error',
    code: 'vni.taken',
    host,
    ...placeOf(resolved, path),
    summary: `VNI ${vni} on UDP port ${VXLAN_PORT}, which link ${name} got by its name, is held by ${holder.name}: ${describeLink(holder)}`,
    hint: 'remove that device, or name a device of the link otherwise (name, or stack/service:device)',
  };
}
