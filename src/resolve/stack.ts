import {
  NETWORK_BRIDGE,
  NETWORK_MTU,
  base32Hash,
  familyOf,
  firstAddress,
  formatAddress,
  rangeOn,
} from '../core/index.js';
import type {
  BuildRequest,
  ContainerFile,
  NetworkDeclaration,
  ResolvedNetwork,
  ResolvedStack,
  ResolvedVolume,
  StackDeclaration,
  Topology,
  VolumeDeclaration,
} from '../core/index.js';
import type { Environment } from './environment.js';
import { containerNames, holderNames, isOnNetworks, resolveService, type StackNames } from './service.js';

/** The network of services that name none. */
const DEFAULT: NetworkDeclaration = {
  external: false,
  options: {},
  internal: false,
  labels: {},
  subnets: [],
};

/** What a stack takes from elsewhere. */
interface StackSurroundings {
  /** Its overlay addresses, by switch. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** By service. */
  readonly files: ReadonlyMap<string, readonly ContainerFile[]>;
  readonly builds: ReadonlyMap<string, BuildRequest>;
  readonly environment: Environment;
  /** The services, as `stack/service`, in which a wire ends. */
  readonly plugged: ReadonlySet<string>;
}

/** A stack with the engine's names of all that is in it. */
export function resolveStack(
  topology: Topology,
  name: string,
  stack: StackDeclaration,
  { addresses, files, builds, plugged, environment }: StackSurroundings,
): ResolvedStack {
  const project = stack.project ?? `${topology.name}-${name}`;
  const volumes = Object.entries(stack.volumes).map(([key, volume]) => resolveVolume(project, key, volume));
  const services = Object.entries(stack.services);
  const containers = new Map(services.map(([key, s]) => [key, containerNames(project, key, s)]));
  const holders = new Map(
    services.map(([key, s]) => [key, holderNames(containers.get(key)!, s, plugged.has(`${name}/${key}`))]),
  );
  const networks = networksOf(stack, key => plugged.has(`${name}/${key}`)).map(([key, network]) =>
    resolveNetwork(stack.host, project, key, stretched(topology, name, network), addresses),
  );
  const names: StackNames = {
    project,
    containers,
    holders,
    volumes: new Map(volumes.map(volume => [volume.key, volume.name])),
    externalNetworks: new Map(networks.filter(n => n.external).map(n => [n.key, n.name])),
  };
  return {
    name,
    host: stack.host,
    project,
    networks,
    volumes,
    services: services.map(([key, service]) =>
      resolveService(
        key,
        service,
        { ...names, files: files.get(key) ?? [], build: builds.get(key) },
        plugged.has(`${name}/${key}`),
        environment,
      ),
    ),
  };
}

/** A network of which an engine has a part only: what it gives addresses from, and the gateway that all of them have. */
function stretched(topology: Topology, stack: string, network: NetworkDeclaration): NetworkDeclaration {
  const { stretch } = network;
  if (stretch === undefined) return network;
  const subnets = network.subnets.map(subnet => {
    const range = rangeOn(topology, stretch, stack, subnet);
    const gateway = subnet.gateway ?? formatAddress(firstAddress(subnet.subnet));
    return { ...subnet, ...(range !== undefined && { range }), gateway };
  });
  return { ...network, subnets };
}

/** An external one has no project in its name. */
function resolveVolume(project: string, key: string, volume: VolumeDeclaration): ResolvedVolume {
  const { name = volume.external ? key : `${project}_${key}`, driver = 'local' } = volume;
  const { external, options, labels } = volume;
  return { key, name, external, driver, options, labels };
}

/** Those of the file, and the default one at the end where a service is on it and the file does not declare it. */
function networksOf(
  { networks, services }: StackDeclaration,
  plugged: (key: string) => boolean,
): readonly (readonly [string, NetworkDeclaration])[] {
  const declared = Object.entries(networks);
  const used = Object.entries(services).some(
    ([key, s]) =>
      isOnNetworks(s, plugged(key)) && (s.networks === undefined || Object.hasOwn(s.networks, 'default')),
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
  const { external, driver = 'bridge', attachable, ipv4, ipam } = network;
  const name = network.name ?? (external ? key : `${project}_${key}`);
  const addresses = network.fabric && bySwitch.get(network.fabric.switch);
  const { [NETWORK_BRIDGE]: bridge, [NETWORK_MTU]: mtu, ...options } = network.options;
  return {
    key,
    name,
    external,
    driver,
    bridge: bridge ?? `tb${base32Hash(`${host}/${name}`).slice(0, 10)}`,
    ...(mtu !== undefined && { mtu: Number(mtu) }),
    ipv6: network.ipv6 ?? network.subnets.some(s => familyOf(s.subnet) === 6),
    ...(attachable !== undefined && { attachable }),
    ...(ipv4 !== undefined && { ipv4 }),
    ...(ipam && { ipam }),
    options: driver === 'bridge' ? options : network.options,
    internal: network.internal,
    labels: network.labels,
    subnets: network.subnets,
    ...(network.stretch !== undefined && { stretch: network.stretch }),
    ...(network.fabric && addresses && { fabric: { switch: network.fabric.switch, addresses } }),
  };
}
