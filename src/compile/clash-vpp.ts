import { topologyOfMark } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved, ResolvedVpp } from '../core/index.js';
import { isLeftDomain, isMarked } from '../kinds/index.js';
import { placeOf } from './clash-words.js';
import { vppUnderlays } from './vpp-underlay.js';

/** What of a VPP is in the way of a switch there: of the id of its domain, or of its VNI. */
export function vppClashes(
  resolved: Resolved,
  on: ResolvedVpp,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const { byHost } = vppUnderlays(resolved, on, views);
  return on.hosts.flatMap(({ host }) => {
    const vpp = views.get(host)?.inventory.vpp;
    if (!vpp) return [];
    const domain = vpp.domains.find(d => d.id === on.domain && !isMarked(d, resolved.name));
    const tunnels = on.tunnel === 'vxlan' ? vpp.tunnels.filter(t => t.vni === on.vni) : [];
    const own = byHost.get(host)?.address;
    const instances = new Set(on.tunnels.filter(t => t.host === host).map(t => t.instance));
    const tunnel = tunnels.find(t => t.local === own && !instances.has(t.instance));
    const holder = vpp.interfaces.find(i => i.index === tunnel?.index);
    const at = { host, on, resolved };
    return [
      ...(domain && !isLeftDomain(vpp, domain, resolved.name)
        ? [taken(at, 'bridge_domain', `bridge domain ${domain.id}`, tagged(domain.tag))]
        : []),
      ...(holder && !isMarked(holder, resolved.name)
        ? [taken(at, 'vni', `VNI ${on.vni}`, `${holder.name}${tagged(holder.tag)}`)]
        : []),
    ];
  });
}

function tagged(tag: string | undefined): string {
  const whose = tag === undefined ? undefined : topologyOfMark(tag);
  if (whose !== undefined) return ` of topology ${whose}`;
  return tag === undefined ? ' that topo did not make' : ` that topo did not make (tag: ${tag})`;
}

function taken(
  { host, on, resolved }: { readonly host: HostName; readonly on: ResolvedVpp; readonly resolved: Resolved },
  key: 'bridge_domain' | 'vni',
  what: string,
  holder: string,
): Diagnostic {
  return {
    severity: 'error',
    code: key === 'vni' ? 'vni.taken' : 'domain.taken',
    host,
    ...placeOf(resolved, ['switches', on.name, key]),
    summary: `${what} in VPP on ${host} is held by ${key === 'vni' ? holder : `one${holder}`}`,
    hint: `give switch ${on.name} another \`${key}\`, or remove what holds it`,
  };
}
