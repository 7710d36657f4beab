import { bridgeDevice, isVxlan, OPERATOR, valeName, withoutLength } from '../core/index.js';
import type { HostView, Link, Resolved, ResolvedVpp } from '../core/index.js';
import { locateAll } from './containers.js';
import type { Located } from './containers.js';
import { readResolvedWorld } from './look.js';
import { vdeStatus } from './ps-vde.js';
import type { Context, ContainerStatus, HostStatus, Status, SwitchStatus } from './types.js';
import type { World } from './world.js';

/** What is there of a topology, from one reading of its hosts. */
export async function ps(context: Context): Promise<Status> {
  return readResolvedWorld(context, async ({ resolved, world, links }) => {
    const views = [...world.views.values()].filter(v => v.host !== OPERATOR);
    const hosts = await Promise.all(
      views.map(async view => {
        const reached = view.facts.computed ? 'not there yet' : (await links.host(view.host)).described;
        return hostStatus(resolved, world, view, reached);
      }),
    );
    return { topology: resolved.name, hosts };
  });
}

function hostStatus(resolved: Resolved, world: World, view: HostView, reached: string): HostStatus {
  const { engine } = view.facts;
  return {
    host: view.host,
    reached,
    engine: engine.is === 'running' && !view.facts.computed ? engine.version : '',
    containers: locateAll(resolved.name, world)
      .filter(l => l.host === view.host)
      .map(located => containerStatus(located, view)),
    switches: resolved.switches.flatMap(s => switchStatus(resolved, s, view)),
  };
}

function containerStatus(
  { stack, service, number, owner, container: c }: Located,
  view: HostView,
): ContainerStatus {
  const onNetworks = Object.values(c.networks).flatMap(e => [e.ipv4, e.ipv6].filter(a => a !== ''));
  const addresses = [...new Set([...onNetworks, ...plugAddresses(owner, view)])];
  const ports = c.ports.filter(p => p.host !== 0).map(p => `${p.host}→${p.container}/${p.protocol}`);
  const { name: container, image, state, status } = c;
  return {
    stack,
    service,
    number,
    container,
    image,
    state,
    status,
    addresses,
    ports: [...new Set(ports)].sort(),
  };
}

/** What the devices that topo has put into a container really have. */
function plugAddresses(id: string, { inventory }: HostView): readonly string[] {
  const inside = inventory.namespaces.find(n => n.containers.includes(id));
  const plugs = (inside?.links ?? []).filter(link => link.alias.startsWith('topo:'));
  return plugs.flatMap(link => link.addresses.map(withoutLength));
}

function switchStatus(
  resolved: Resolved,
  on: Resolved['switches'][number],
  view: HostView,
): readonly SwitchStatus[] {
  if (on.kind === 'vpp') return vppStatus(on, view);
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
function vppStatus({ name, domain }: ResolvedVpp, { inventory: { vpp } }: HostView): readonly SwitchStatus[] {
  if (!vpp?.domains.some(d => d.id === domain)) return [];
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
