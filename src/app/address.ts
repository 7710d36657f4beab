import { familyOf, switchOf } from '../core/index.js';
import type { EngineEndpoint, Family, Resolved, ResolvedNetwork } from '../core/index.js';
import { nameOf } from './containers.js';
import type { Located } from './containers.js';

/** An address of a container. */
export interface ContainerAddress {
  readonly family: Family;
  readonly address: string;
  /** The engine's name of the network that it is on. */
  readonly network: string;
  /** What leads there: the switch, or else the network of that host. */
  readonly by: string;
}

/**
 * The addresses of a container that are meant: on a network with subnets in the file those of the subnets' families (engines
 * add IPv4 to a network that has an IPv6 subnet only), on any other all. Networks on a switch come first, then by name, then
 * ends of wires; IPv4 before IPv6.
 */
export function addressesOf(resolved: Resolved, at: Located): readonly ContainerAddress[] {
  const stack = resolved.stacks.find(s => s.name === at.stack);
  const found = Object.entries(at.container.networks).map(([name, endpoint]) => {
    const network = stack?.networks.find(n => n.name === name);
    return { name, network, by: network && switchOf(network), endpoint };
  });
  const onNetworks = found
    .sort((a, b) => Number(b.by !== undefined) - Number(a.by !== undefined) || (a.name < b.name ? -1 : 1))
    .flatMap(({ name, network, by = `${at.host}/${name}`, endpoint }) => {
      return meant(endpoint, network).map(address => ({ ...address, network: name, by }));
    });
  return [...onNetworks, ...plugAddresses(resolved, at)];
}

/** Those of its ends of wires, which the file alone decides: on a switch, or towards the other end of a link. */
function plugAddresses({ links }: Resolved, at: Located): readonly ContainerAddress[] {
  const replica = nameOf(at);
  return links.flatMap(({ name, ends: [a, b] }) =>
    [
      [a, b],
      [b, a],
    ].flatMap(([end, other]) => {
      if (end?.is !== 'service' || end.replica !== replica || !end.up) return [];
      const by = other?.is === 'switch' ? other.switch : `link ${name}`;
      return end.addresses.flatMap(text => {
        const [address = ''] = text.split('/');
        const family = familyOf(address);
        return family === undefined ? [] : [{ family, address, network: by, by }];
      });
    }),
  );
}

/**
 * The address by which one container is to reach another: one where both stand on the same switch or network in the same
 * family, else one of a family that both have, else any. With a family only that. Undefined where there is none.
 */
export function addressTowards(
  resolved: Resolved,
  from: Located,
  to: Located,
  family?: Family,
): string | undefined {
  const own = addressesOf(resolved, from);
  const theirs = addressesOf(resolved, to).filter(a => family === undefined || a.family === family);
  const shared = theirs.find(a => own.some(o => o.by === a.by && o.family === a.family));
  const alike = theirs.find(a => own.some(o => o.family === a.family));
  return (shared ?? alike ?? theirs[0])?.address;
}

function meant(
  { ipv4, ipv6 }: EngineEndpoint,
  network: ResolvedNetwork | undefined,
): readonly { readonly family: Family; readonly address: string }[] {
  const families = new Set((network?.subnets ?? []).map(s => familyOf(s.subnet)));
  const all = [
    { family: 4 as const, address: ipv4 },
    { family: 6 as const, address: ipv6 },
  ];
  return all.filter(a => a.address !== '' && (families.size === 0 || families.has(a.family)));
}
