import type { ResolvedService } from '../core/index.js';
import type { ContainerNetwork } from '../kinds/index.js';

type Membership = ResolvedService['networks'][number];

/** What a service's container is given on a network beside names and fixed addresses, as the engine calls it. */
export function endpointOptions(
  { mac, linkLocal, gatewayPriority, options }: Membership,
  { settings }: ResolvedService,
): Pick<ContainerNetwork, 'options' | 'linkLocal'> {
  const told = {
    ...(mac !== undefined && { MacAddress: mac }),
    ...(gatewayPriority !== undefined && { GwPriority: gatewayPriority }),
    ...(options && { DriverOpts: options }),
    ...(settings.links && { Links: settings.links }),
  };
  return {
    ...(Object.keys(told).length > 0 && { options: told }),
    ...(linkLocal && { linkLocal }),
  };
}

/** The same in the words of the file, by network; addresses and aliases are looked after one by one. */
export function redactedMemberships(networks: ResolvedService['networks']): {
  readonly networks?: Readonly<Record<string, unknown>>;
} {
  const said = networks.flatMap(({ key, mac, linkLocal, gatewayPriority, options }) => {
    const more = {
      ...(mac !== undefined && { mac_address: mac }),
      ...(linkLocal && { link_local_ips: linkLocal }),
      ...(gatewayPriority !== undefined && { gw_priority: gatewayPriority }),
      ...(options && { driver_opts: options }),
    };
    return Object.keys(more).length > 0 ? [[key, more] as const] : [];
  });
  return said.length > 0 ? { networks: Object.fromEntries(said) } : {};
}
