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

/** The addresses that a container is made with, by network: engines before 25 keep the first for the whole container. */
export function redactedMemberships(networks: ResolvedService['networks']): {
  readonly networks?: Readonly<Record<string, unknown>>;
} {
  const said = networks.flatMap(({ key, mac }) =>
    mac === undefined ? [] : [[key, { mac_address: mac }] as const],
  );
  return said.length > 0 ? { networks: Object.fromEntries(said) } : {};
}
