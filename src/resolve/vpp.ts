import { parsePrefix, type ResolvedVpp, type Topology, type VppDeclaration } from '../core/index.js';
import { allot, allotNumbers } from './allot.js';
import { whole } from './plug-addresses.js';

/** The numbers of a VPP switch that the file need not say. */
export type VppNumbers = Pick<ResolvedVpp, 'domain' | 'instance' | 'tunnels'>;

/** Ids of bridge domains have 24 bits, and 0 is not to be had. */
const DOMAINS = (1n << 24n) - 1n;

/** Loopbacks and tunnels are numbered from 0 to 16383. */
const INSTANCES = 1n << 14n;

const TAPS = { first: 0, size: 1n << 10n };

/** What every VPP switch is called by in VPP: by the file, else by the hash of `<topology>/<switch>`. */
export function vppNumbers({ name: topology, switches }: Topology): ReadonlyMap<string, VppNumbers> {
  const all = Object.entries(switches).flatMap(([name, s]) => (s.kind === 'vpp' ? [{ name, s }] : []));
  const key = (name: string, ...more: readonly string[]): string => [topology, name, ...more].join('/');
  const given = new Set(all.flatMap(({ s }) => (s.domain === undefined ? [] : [BigInt(s.domain) - 1n])));
  const asking = all.filter(({ s }) => s.domain === undefined).map(({ name }) => key(name));
  const domains = allot(asking, DOMAINS, given);
  const instances = allot(
    all.map(({ name }) => key(name)),
    INSTANCES,
    new Set(),
  );
  const pairs = all.flatMap(({ name, s }) =>
    tunnelsOf(s).map(([host, peer]) => ({ name, host, peer, key: key(name, host, peer) })),
  );
  const tunnels = allot(
    pairs.map(p => p.key),
    INSTANCES,
    new Set(),
  );
  return new Map(
    all.map(({ name, s }) => [
      name,
      {
        domain: s.domain ?? Number(domains.get(key(name)) ?? 0n) + 1,
        instance: Number(instances.get(key(name)) ?? 0n),
        tunnels: pairs
          .filter(p => p.name === name)
          .map(({ host, peer, key: own }) => ({ host, peer, instance: Number(tunnels.get(own) ?? 0n) })),
      },
    ]),
  );
}

/** The number in VPP of each of these links, a tap each: a release of 2025 takes up to 8192, older ones 1024. */
export function vppTaps(topology: string, links: readonly string[]): ReadonlyMap<string, number> {
  return allotNumbers(`${topology}/tap`, links, TAPS);
}

/** What joins the hosts of a switch: uplinks where every host has one, else tunnels. */
export function joinedBy({ tunnel, hosts }: VppDeclaration): ResolvedVpp['tunnel'] {
  if (hosts.length === 1) return 'none';
  return tunnel ?? (hosts.every(h => h.uplink !== undefined) ? 'uplink' : 'vxlan');
}

/** Every number decided, and addresses with their lengths. */
export function resolveVpp(
  name: string,
  declared: VppDeclaration,
  numbers: VppNumbers,
  vni: number,
): ResolvedVpp {
  const { gateways: _, ranges: __, ...rest } = declared;
  const subnets = rest.subnets.flatMap(text => parsePrefix(text) ?? []);
  const hosts = rest.hosts.map(host => ({ ...host, bvi: host.bvi.map(text => whole(text, subnets)) }));
  return { ...rest, name, hosts, tunnel: joinedBy(declared), ...numbers, vni };
}

function tunnelsOf(declared: VppDeclaration): readonly (readonly [host: string, peer: string])[] {
  if (joinedBy(declared) !== 'vxlan') return [];
  const hosts = declared.hosts.map(h => h.host);
  return hosts.flatMap(host => hosts.filter(peer => peer !== host).map(peer => [host, peer] as const));
}
