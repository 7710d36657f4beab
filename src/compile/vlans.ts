import { DEFAULT_VLAN, OPERATOR, switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Resolved,
  ResolvedLink,
  Resource,
  SwitchEnd,
} from '../core/index.js';
import type { EnslaveSpec, VlanSpec } from '../kinds/index.js';
import { bridgeRef } from './bridge.js';
import { placeOf } from './clash-words.js';
import { plugsOf } from './plugs.js';
import { makeResource } from './resource.js';

/** The VLANs of the ports that a link has on bridges that know VLANs; `wires` are the link's resources. */
export function compileVlans(
  resolved: Resolved,
  link: ResolvedLink,
  wires: readonly Resource[],
): readonly Resource[] {
  const ends = link.ends.filter((end): end is SwitchEnd => end.is === 'switch');
  return ends.flatMap(end => {
    const on = switchesOf(resolved, 'bridge').find(s => s.name === end.switch);
    if (!on?.vlanFiltering) return [];
    const bridge = bridgeRef(on.host, on.name);
    const group = { is: 'switch', name: on.name } as const;
    const { untagged, tagged } = end.vlan ?? { untagged: DEFAULT_VLAN, tagged: [] };
    return wires.flatMap(wire =>
      portsOf(wire, bridge.id).map(name =>
        makeResource<VlanSpec>(
          resolved.name,
          { host: on.host, kind: 'vlan', name: `${link.name} on ${on.name}`, group },
          { device: { id: wire.id, name }, bridge, ...(untagged !== undefined && { untagged }), tagged },
        ),
      ),
    );
  });
}

/** The devices of a wire that are ports of a bridge. */
function portsOf(wire: Resource, bridge: string): readonly string[] {
  if (wire.kind === 'enslave') {
    const port = wire.spec as EnslaveSpec;
    return port.bridge.id === bridge ? [port.device] : [];
  }
  return plugsOf(wire).flatMap(({ place, device }) =>
    place.is === 'bridge' && place.id === bridge ? [device] : [],
  );
}

/**
 * Bridges that are to know VLANs on hosts whose kernel can't teach them (CONFIG_BRIDGE_VLAN_FILTERING): there no bridge tells a
 * protocol of VLANs (linux/net/bridge/br_netlink.c). Where there is no bridge to ask, nothing is known.
 */
export function vlanObstacles(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return switchesOf(resolved, 'bridge').flatMap(({ name, host, vlanFiltering }): readonly Diagnostic[] => {
    const view = views.get(host);
    // A simulated host that is still to come has this machine's kernel.
    const kernel = view?.facts.computed ? views.get(OPERATOR) : view;
    const bridges = kernel?.inventory.links.filter(l => l.kind === 'bridge') ?? [];
    if (!vlanFiltering || bridges.length === 0 || bridges.some(b => 'vlan_protocol' in b.data)) return [];
    const summary = `the kernel of host ${host} (${view!.facts.kernel}) has no VLANs on bridges, which switch ${name} is to know`;
    return [
      {
        severity: 'error',
        code: 'kernel.vlans',
        host,
        ...placeOf(resolved, ['switches', name, 'vlan_filtering']),
        summary,
        hint: 'a kernel with CONFIG_BRIDGE_VLAN_FILTERING has them, as those of all distributions do; or one bridge for each VLAN',
      },
    ];
  });
}
