import { familyOf, vxlanOverhead } from '../core/index.js';
import type { HostName, HostView, Resolved, ResolvedVxlan } from '../core/index.js';
import type { Underlay } from './underlay.js';
import { deviceMac } from './vxlan.js';

/**
 * Where the tunnels of a switch to hosts that were not read end, as the FDB of the others has it: what leads there stays. A host
 * that nobody knows yet has none, and is no peer until it is read. The MTU (bytes) is the one that is in use.
 */
export function farUnderlays(
  { hosts }: Resolved,
  vxlan: ResolvedVxlan,
  views: ReadonlyMap<HostName, HostView>,
): ReadonlyMap<HostName, Underlay> {
  const members = new Set(vxlan.members.map(m => m.host));
  const far = hosts.filter(({ name }) => members.has(name) && !views.has(name));
  const found = far.flatMap(({ name }) => {
    const known = [...views.values()].flatMap(view => knownBy(view, vxlan, name));
    return known.slice(0, 1).map(underlay => [name, underlay] as const);
  });
  return new Map(found);
}

function knownBy({ inventory }: HostView, vxlan: ResolvedVxlan, far: HostName): readonly Underlay[] {
  const device = `vxlan${vxlan.vni}`;
  const mac = deviceMac(vxlan, far);
  const address = inventory.fdb.find(e => e.dev === device && e.mac === mac)?.dst;
  const family = address === undefined ? undefined : familyOf(address);
  const link = inventory.links.find(l => l.name === device);
  if (address === undefined || family === undefined || !link) return [];
  return [{ address, family, device: '', mtu: link.mtu + vxlanOverhead(family) }];
}
