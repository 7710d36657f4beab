import { base32Hash } from '../core/index.js';
import type {
  NetworkDeclaration,
  ResolvedNetwork,
  ResolvedStack,
  StackDeclaration,
  Topology,
} from '../core/index.js';
import type { Environment } from './environment.js';
import { containerNames, isOnNetworks, resolveService } from './service.js';

/** The network of services that name none. */
const DEFAULT: NetworkDeclaration = { internal: false, labels: {}, subnets: [] };

/** A stack with the engine's names of all that is in it; `addresses` has its overlay addresses by switch. */
export function resolveStack(
  topology: Topology,
  name: string,
  stack: StackDeclaration,
  addresses: ReadonlyMap<string, readonly string[]>,
  environment: Environment,
): ResolvedStack {
  const project = stack.project ?? `${topology.name}-${name}`;
  const volumes = Object.entries(stack.volumes).map(([key, { name: own, labels }]) => ({
    key,
    name: own ?? `${project}_${key}`,
    labels,
  }));
  const services = Object.entries(stack.services);
  const containers = new Map(services.map(([key, s]) => [key, containerNames(project, key, s)]));
  const names = new Map(volumes.map(volume => [volume.key, volume.name]));
  return {
    name,
    host: stack.host,
    project,
    networks: networksOf(stack).map(([key, network]) =>
      resolveNetwork(stack.host, project, key, network, addresses),
    ),
    volumes,
    services: services.map(([key, service]) => resolveService(key, service, containers, names, environment)),
  };
}

/** Those of the file, and the default one at the end where a service is on it and the file does not declare it. */
function networksOf({
  networks,
  services,
}: StackDeclaration): readonly (readonly [string, NetworkDeclaration])[] {
  const declared = Object.entries(networks);
  const used = Object.values(services).some(
    s => isOnNetworks(s) && (s.networks === undefined || Object.hasOwn(s.networks, 'default')),
  );
  return used && !Object.hasOwn(networks, 'default') ? [...declared, ['default', DEFAULT]] : declared;
}

function resolveNetwork(
  host: string,
  project: string,
  key: string,
  network: NetworkDeclaration,
  bySwitch: ReadonlyMap<string, readonly string[]>,
): ResolvedNetwork {
  const name = network.name ?? `${project}_${key}`;
  const addresses = network.fabric && bySwitch.get(network.fabric.switch);
  return {
    key,
    name,
    bridge: `tb${base32Hash(`${host}/${name}`).slice(0, 10)}`,
    internal: network.internal,
    labels: network.labels,
    subnets: network.subnets,
    ...(network.fabric && addresses && { fabric: { switch: network.fabric.switch, addresses } }),
  };
}
