import { EXIT, TopoError, familyName, familyOf, hostsOfSwitch, nearest, replicaName } from '../core/index.js';
import type { EngineEndpoint, Family, Resolved, ResolvedEnd, ResolvedStack } from '../core/index.js';
import { containersNamed, locateAll } from './containers.js';
import { endTitle } from './end-title.js';
import { load } from './load.js';
import { readResolvedWorld } from './look.js';
import { NotReady } from './not-ready.js';
import type { Addresses, ConnectionAddresses, IpOptions, SwitchAddresses } from './ip-types.js';
import type { Context } from './types.js';

/**
 * What has which address, by the file alone; hosts are read only for what their engines have given, and only where that is asked
 * for: by `live`, or by a target of which nothing else is known. Throws NotReady, and `name.unknown`.
 */
export async function ip(context: Context, options: IpOptions = {}): Promise<Addresses> {
  const { resolved, diagnostics } = await load(context);
  if (!resolved) throw new NotReady(diagnostics, EXIT.invalid);
  const all = addressesOfFile(resolved);
  const asked = { ...all, connections: select(resolved, all.connections, options) };
  const open = asked.connections.some(c => c.given === 'engine');
  const live =
    open && (options.live === true || options.target !== undefined) ? await readEngines(context) : undefined;
  const connections = asked.connections
    .map(c => ({ ...c, ...live?.get(`${c.container} ${c.at}`) }))
    .map(c => ofFamily(c, options.family));
  if (options.target !== undefined && connections.every(c => c.addresses.length === 0))
    throw noAddress(options.target, options.family, open);
  return { ...asked, connections };
}

/** Containers in the file's order, each with its Docker networks and then its ports; switches likewise. */
function addressesOfFile(resolved: Resolved): Addresses {
  const plugs = plugsByReplica(resolved);
  return {
    topology: resolved.name,
    connections: resolved.stacks.flatMap(stack =>
      stack.services.flatMap(({ key, containers }) =>
        containers.flatMap((container, i) => {
          const name = replicaName(stack.name, key, i + 1);
          const where = { host: stack.host, service: name, container };
          return [
            ...onNetworks(stack, key).map(c => ({ ...where, ...c })),
            ...(plugs.get(name) ?? []).map(c => ({ ...where, ...c })),
          ];
        }),
      ),
    ),
    switches: resolved.switches.map(s => onSwitch(s)),
  };
}

type Connection = Omit<ConnectionAddresses, 'host' | 'service' | 'container'>;

/** What the engine is told to give; the rest is its own choice. */
function onNetworks({ services, networks }: ResolvedStack, key: string): readonly Connection[] {
  const service = services.find(s => s.key === key)!;
  return service.networks.map(({ key: network, ipv4, ipv6, mac = '' }): Connection => {
    const name = networks.find(n => n.key === network)?.name ?? network;
    const addresses = [ipv4 ?? [], ipv6 ?? []].flat();
    return { at: network, on: name, mac, addresses, given: addresses.length > 0 ? 'file' : 'engine' };
  });
}

function plugsByReplica(resolved: Resolved): ReadonlyMap<string, readonly Connection[]> {
  const found = new Map<string, Connection[]>();
  for (const { name, ends, vni } of resolved.links)
    for (const [own, other] of [ends, [ends[1], ends[0]] as const]) {
      if (own.is !== 'service') continue;
      const { device, mac, addresses, replica } = own;
      const across = !hostsOf(resolved, other).includes(own.host);
      const on = endTitle(other);
      const one: Connection = {
        at: device,
        on,
        mac,
        addresses,
        given: 'file',
        link: name,
        ...(across && { vni }),
      };
      found.set(replica, [...(found.get(replica) ?? []), one]);
    }
  return found;
}

function hostsOf(resolved: Resolved, end: ResolvedEnd): readonly string[] {
  return end.is === 'switch' ? hostsOfSwitch(resolved, end.switch) : [end.host];
}

function onSwitch(of: Resolved['switches'][number]): SwitchAddresses {
  const { name, subnets } = of;
  switch (of.kind) {
    case 'bridge':
      return {
        name,
        kind: 'bridge',
        subnets,
        at: of.addresses.length > 0 ? [{ who: of.host, addresses: of.addresses }] : [],
      };
    case 'vde':
      return { name, kind: 'vde', subnets, at: [] };
    case 'segment':
      return { name, kind: 'vxlan l2', vni: of.vni, subnets, at: [] };
    case 'vpp': {
      const at = of.hosts.filter(h => h.bvi.length > 0).map(h => ({ who: h.host, addresses: h.bvi }));
      return { name, kind: 'vpp', ...(of.tunnel === 'vxlan' && { vni: of.vni }), subnets, at };
    }
    case 'vale':
      return { name, kind: 'vale', subnets, at: [] };
    case 'vxlan':
      return {
        name,
        kind: 'vxlan',
        vni: of.vni,
        subnets,
        at: of.members.map(m => ({ who: m.stack, addresses: m.addresses })),
      };
  }
}

/** Those of a container, service or stack, or of one of its devices or Docker networks. */
function select(
  resolved: Resolved,
  all: readonly ConnectionAddresses[],
  { target }: IpOptions,
): readonly ConnectionAddresses[] {
  if (target === undefined) return all;
  const [name = '', at] = target.split(':');
  const wanted = new Set(containersNamed(resolved, [name]));
  const own = all.filter(c => wanted.has(c.service));
  if (at === undefined) return own;
  const found = own.filter(c => c.at === at);
  if (found.length > 0) return found;
  const near = nearest(
    at,
    own.map(c => c.at),
  );
  throw new TopoError(`${name} has no ${at === '' ? 'interface without a name' : at}`, {
    code: 'name.unknown',
    who: 'user',
    hint:
      near === undefined
        ? `it has ${own.map(c => c.at).join(', ') || 'none'}`
        : `did you mean ${name}:${near}?`,
  });
}

/** What engines have given, by container and network. */
async function readEngines(
  context: Context,
): Promise<ReadonlyMap<string, Pick<ConnectionAddresses, 'addresses' | 'mac'>>> {
  return readResolvedWorld(context, ({ resolved, world }) => {
    const found = locateAll(resolved.name, world).flatMap(located => {
      const networks = resolved.stacks.find(s => s.name === located.stack)?.networks ?? [];
      return networks.flatMap(({ key, name }) => {
        const endpoint = located.container.networks[name];
        return endpoint ? [[`${located.container.name} ${key}`, given(endpoint)] as const] : [];
      });
    });
    return Promise.resolve(new Map(found));
  });
}

function given({ ipv4, ipv6, mac }: EngineEndpoint): Pick<ConnectionAddresses, 'addresses' | 'mac'> {
  return { mac, addresses: [ipv4, ipv6].filter(a => a !== '') };
}

function ofFamily(one: ConnectionAddresses, family: Family | undefined): ConnectionAddresses {
  return family === undefined
    ? one
    : { ...one, addresses: one.addresses.filter(a => familyOf(a) === family) };
}

/** For scripts, which would go on with nothing. */
function noAddress(target: string, family: Family | undefined, open: boolean): TopoError {
  return new TopoError(`${target} has no ${family === undefined ? '' : `${familyName(family)} `}address`, {
    code: 'address.none',
    who: 'user',
    hint: open
      ? 'engines give addresses to what runs: bring it up with `topo up`'
      : '`topo ip` shows what has which',
  });
}
