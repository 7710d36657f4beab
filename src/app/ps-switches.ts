import { bridgeDevice, hostsOfSwitch, isVxlan, valeName } from '../core/index.js';
import type { HostView, Link, Resolved, ResolvedVpp } from '../core/index.js';
import { isMarked } from '../kinds/index.js';
import { vdeStatus } from './ps-vde.js';
import type { SwitchStatus } from './types.js';

/** A switch as it is on a host; nothing where it is not, whatever else may be called like it there. */
export function switchStatus(
  resolved: Resolved,
  on: Resolved['switches'][number],
  view: HostView,
): readonly SwitchStatus[] {
  if (on.kind !== 'vxlan' && !hostsOfSwitch(resolved, on.name).includes(view.host)) return [];
  if (on.kind === 'vpp') return vppStatus(resolved.name, on, view);
  if (on.kind === 'vde') return vdeStatus(resolved.name, on, view);
  const { name } = on;
  const kind = on.kind === 'segment' ? 'vxlan l2' : on.kind;
  if (on.kind === 'vale') return valeStatus(name, view);
  const device = isVxlan(on) ? `vxlan${on.vni}` : bridgeDevice(view.host, name);
  const link = view.inventory.links.find(l => l.name === device);
  if (!link) return [];
  return [
    {
      name,
      kind,
      device: link.name,
      up: link.up,
      mtu: link.mtu,
      addresses: link.addresses,
      peers: peersOf(view, link),
    },
  ];
}

/** A domain is always up; its MTU is that of its BVI, where it has one. */
function vppStatus(
  topology: string,
  { name, domain }: ResolvedVpp,
  { inventory: { vpp } }: HostView,
): readonly SwitchStatus[] {
  if (!vpp?.domains.some(d => d.id === domain && isMarked(d, topology))) return [];
  const bvi = vpp.interfaces.find(i => i.domain === domain && i.bvi);
  const trunks = vpp.interfaces.filter(i => i.domain === domain);
  const peers = vpp.tunnels.filter(t => trunks.some(i => i.index === t.index)).map(t => t.remote);
  return [
    {
      name,
      kind: 'vpp',
      device: `bridge domain ${domain}`,
      up: true,
      mtu: bvi?.mtu ?? 0,
      addresses: bvi?.addresses ?? [],
      peers: [...new Set(peers)].sort(),
    },
  ];
}

/** A VALE switch is there while it has ports, and is nothing but these. */
function valeStatus(name: string, { inventory }: HostView): readonly SwitchStatus[] {
  const device = valeName(name);
  const ports = (inventory.vale?.ports ?? []).filter(p => p.switch === device).map(p => p.device);
  if (ports.length === 0) return [];
  return [{ name, kind: 'vale', device, up: true, mtu: 0, addresses: [], peers: ports }];
}

function peersOf(view: HostView, link: Link): readonly string[] {
  return [...new Set(view.inventory.fdb.filter(e => e.dev === link.name).flatMap(e => e.dst ?? []))].sort();
}
