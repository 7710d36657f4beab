import { OPERATOR, withoutLength } from '../core/index.js';
import type { HostView, Resolved } from '../core/index.js';
import { locateAll } from './containers.js';
import type { Located } from './containers.js';
import { readResolvedWorld } from './look.js';
import { switchStatus } from './ps-switches.js';
import type { Context, ContainerStatus, HostStatus, Status } from './types.js';
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
  const own = inventory.insideVpps[id]?.interfaces ?? [];
  return [...plugs, ...own].flatMap(({ addresses }) => addresses.map(withoutLength));
}
