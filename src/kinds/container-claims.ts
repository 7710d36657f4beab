import { parseResourceId, type Claim, type Resource, type ResourceId, type Step } from '../core/index.js';
import { disconnectNetwork, renameContainer, stopContainer } from '../tools/index.js';
import { hasOtherAddress } from './container-networks.js';
import type { ContainerState } from './container-read.js';
import type { ContainerSpec } from './container-spec.js';
import { deviceClaim } from './plug.js';

/**
 * Name, published ports, fixed addresses, and a network namespace of its own. Two that publish one port on different addresses claim the
 * same: it only orders them.
 */
export function containerClaims({ id, spec }: Resource<ContainerSpec>): readonly Claim[] {
  const addresses = spec.networks.flatMap(n =>
    [n.ipv4, n.ipv6].flatMap(ip => (ip === undefined ? [] : [addressClaim(ip, n.name)])),
  );
  const own = spec.within ? [] : [namespaceClaim(id)];
  return [nameClaim(spec.name), ...publishedBy(spec).map(portClaim), ...addresses, ...own];
}

/** What is listed: the ports of a container that runs; of one that does not its name alone. */
export function containerHolds(have: ContainerState): readonly Claim[] {
  const addresses = Object.entries(have.networks).flatMap(([network, { ipv4, ipv6 }]) =>
    [ipv4, ipv6].filter(ip => ip !== '').map(ip => addressClaim(ip, network)),
  );
  return [nameClaim(have.name), ...have.published.map(portClaim), ...addresses, ...leftBehind(have)];
}

/**
 * Devices that are made anew in the namespace of its holder while it still has those of the one before; and, of a holder that nobody
 * wants, the whole namespace with all that is in it.
 */
function leftBehind(have: ContainerState): readonly Claim[] {
  const { within, adrift, cutOff, status, wantedBy, mark } = have;
  if (wantedBy === undefined) return [namespaceClaim(mark.id)];
  const leaves = cutOff !== undefined || adrift === 'lost' || adrift === 'elsewhere';
  if (!within || !leaves || status !== 'running') return [];
  return within.devices.map(device => deviceClaim(device, within.name));
}

/** A stand-in name as Compose gives them, off the networks where it is to have another address, and out of a namespace that was left. */
export function letGoOf(
  { spec }: Resource<ContainerSpec>,
  have: ContainerState,
): { readonly steps: readonly Step[]; readonly left: ContainerState } {
  const isRenamed = have.name !== spec.name;
  const name = isRenamed ? `${have.id.slice(0, 12)}_${spec.name}` : have.name;
  const off = new Set(spec.networks.filter(n => hasOtherAddress(n, have)).map(n => n.name));
  const kept = Object.entries(have.networks).filter(([network]) => !off.has(network));
  return {
    steps: [
      ...(isRenamed ? [renameContainer(have.id, have.name, name)] : []),
      ...[...off].map(network => disconnectNetwork(network, have.id, spec.name)),
      ...(have.adrift === 'lost' ? [stopContainer(have.id, spec.name)] : []),
    ],
    left: {
      ...have,
      name,
      networks: Object.fromEntries(kept),
      ...(have.adrift === 'lost' && { status: 'exited' }),
    },
  };
}

/** `8080/tcp` each; of a range the engine takes what is free. */
function publishedBy({ config }: ContainerSpec): readonly string[] {
  const host = config.HostConfig as { readonly PortBindings?: PortBindings } | undefined;
  return Object.entries(host?.PortBindings ?? {}).flatMap(([key, bindings]) =>
    bindings.flatMap(({ HostPort: port }) => (/^\d+$/.test(port) ? [`${port}/${key.split('/')[1]}`] : [])),
  );
}

type PortBindings = Readonly<Record<string, readonly { readonly HostPort: string }[]>>;

function nameClaim(name: string): Claim {
  return `container name ${name}`;
}

function namespaceClaim(id: ResourceId): Claim {
  return `network namespace of ${parseResourceId(id)?.name ?? id}`;
}

function portClaim(port: string): Claim {
  return `port ${port}`;
}

function addressClaim(address: string, network: string): Claim {
  return `address ${address} on network ${network}`;
}
