import { contains, formatAddress, nth, parseAddress, parsePrefix } from '../core/index.js';
import type { DocPath, NetworkDeclaration } from '../core/index.js';
import { edgeOf } from './fabric-address.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';
import type { Finding } from './finding.js';

/** A service's fixed address on one of its stack's networks. */
interface Fixed {
  readonly network: string;
  readonly address: string;
  readonly path: DocPath;
  readonly service: string;
}

/** Fixed addresses of services: inside the network's subnet, not its gateway, and each once. */
export function checkFixedAddresses(sight: Sight): readonly Finding[] {
  return Object.entries(sight.topology.stacks).flatMap(([stack, { networks, services }]) => {
    const holders = new Map<string, Fixed>();
    const fixed = Object.entries(services).flatMap(([service, { networks: memberships = {} }]) =>
      Object.entries(memberships).flatMap(([network, { ipv4, ipv6 }]): Fixed[] => {
        const path = ['stacks', stack, 'services', service, 'networks', network];
        return [
          ...(ipv4 === undefined
            ? []
            : [{ network, address: ipv4, path: [...path, 'ipv4_address'], service }]),
          ...(ipv6 === undefined
            ? []
            : [{ network, address: ipv6, path: [...path, 'ipv6_address'], service }]),
        ];
      }),
    );
    return fixed.flatMap((one): readonly Finding[] => {
      const network = Object.hasOwn(networks, one.network) ? networks[one.network] : undefined;
      const wrong = network && !network.external && wrongAddress(one, network);
      if (wrong)
        return [
          clash(
            sight,
            wrong.code,
            wrong.summary,
            one.path,
            wrong.hint === undefined ? {} : { hint: wrong.hint },
          ),
        ];
      const key = `${one.network}\0${formatAddress(parseAddress(one.address)!)}`;
      const holder = holders.get(key);
      if (!holder) holders.set(key, one);
      const summary = `${one.address} is the address of service "${holder?.service}" already`;
      return holder ? [clash(sight, 'address.taken', summary, one.path, { other: holder.path })] : [];
    });
  });
}

function wrongAddress(
  one: Fixed,
  { subnets }: NetworkDeclaration,
): { code: string; summary: string; hint?: string } | undefined {
  const address = parseAddress(one.address)!;
  const config = subnets.find(s => parsePrefix(s.subnet)?.family === address.family);
  const subnet = config && parsePrefix(config.subnet);
  if (!subnet) {
    const summary = `a fixed address needs a subnet, and network "${one.network}" has none`;
    return { code: 'subnet.missing', summary, hint: `give the network one that holds ${one.address}` };
  }
  if (!contains(subnet, address)) {
    return {
      code: 'address.outside',
      summary: `${one.address} is not in ${config.subnet}, the subnet of network "${one.network}"`,
    };
  }
  // Without a word on it the engine takes the first address for the bridge.
  const gateway = parseAddress(config.gateway ?? '') ?? nth(subnet, 1n);
  if (address.value === gateway.value)
    return { code: 'address.taken', summary: `${one.address} is the gateway of network "${one.network}"` };
  const edge = edgeOf(subnet, address.value);
  return edge && { code: 'address.outside', summary: `${one.address} is the ${edge} of ${config.subnet}` };
}
