import { z } from 'zod';
import type { Membership, ServiceDeclaration } from '../core/index.js';
import { closed, key, text } from './blocks.js';
import { driverOptions, expandOptions } from './engine-object.js';
import { given } from './given.js';
import { address } from './phrases.js';

/** By which the bridge driver is told the interface's name (engines from 28.1 on). */
const INTERFACE = 'com.docker.network.endpoint.ifname';

type MembershipInput = NonNullable<z.input<ReturnType<typeof membershipsSchema>>[string]>;
type MembershipsInput = readonly string[] | z.input<ReturnType<typeof membershipsSchema>> | undefined;

/** How a service is on its networks, by network. */
export function membershipsSchema() {
  const membership = closed({
    aliases: key(z.array(z.string().min(1)), 'Other names on that network.'),
    ipv4_address: key(address(4), 'A fixed address.'),
    ipv6_address: key(address(6), 'A fixed IPv6 address.'),
    link_local_ips: key(z.array(address()), 'Link-local addresses.'),
    mac_address: key(macAddress(), 'The MAC address there.'),
    priority: key(z.number(), 'Networks of a higher one are joined first.', 0),
    gw_priority: key(
      z.int(),
      'The network of the highest one has the default route (engine 28 or newer).',
      0,
    ),
    interface_name: key(interfaceName(), "The interface's name in the container (engine 28.1 or newer)."),
    driver_opts: key(driverOptions(), "The network driver's options."),
  });
  return z.record(z.string(), z.union([z.null(), membership]));
}

/** As Compose: an empty list says nothing. The input has been validated. */
export function expandMemberships(input: MembershipsInput): ServiceDeclaration['networks'] {
  const entries = Array.isArray(input)
    ? (input as readonly string[]).map(name => [name, null] as const)
    : Object.entries((input as Exclude<MembershipsInput, readonly string[]>) ?? {});
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, membership]) => [name, expandMembership(membership ?? {})]));
}

/** Six bytes in hexadecimal. */
export function macAddress() {
  return text({
    what: 'a MAC address such as 02:42:ac:11:00:02',
    test: /^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/,
    examples: ['02:42:ac:11:00:02'],
  });
}

function interfaceName() {
  return text({
    what: 'the name of a network interface',
    test: /^(?!\.{1,2}$)[^\s/:]{1,15}$/,
    examples: ['eth0'],
  });
}

function expandMembership(input: MembershipInput): Membership {
  const options = {
    ...expandOptions(input.driver_opts),
    ...(input.interface_name !== undefined && { [INTERFACE]: input.interface_name }),
  };
  return {
    aliases: input.aliases ?? [],
    ...given({
      ipv4: input.ipv4_address,
      ipv6: input.ipv6_address,
      linkLocal: input.link_local_ips,
      mac: input.mac_address?.toLowerCase().replaceAll('-', ':'),
      priority: input.priority,
      gatewayPriority: input.gw_priority,
      options: Object.keys(options).length > 0 ? options : undefined,
    }),
  };
}
