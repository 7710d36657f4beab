import { hashedMac, replicaName, resourceId, switchOf } from '../core/index.js';
import type {
  Group,
  NetworkExtras,
  Resolved,
  ResolvedNetwork,
  ResolvedService,
  ResolvedStack,
  ResolvedVolume,
  Resource,
  ResourceId,
} from '../core/index.js';
import type { ContainerSpec, NetworkSpec, VolumeSpec } from '../kinds/index.js';
import { imageReference, type UserspacePort } from '../tools/index.js';
import { idOf, madeBy } from './external.js';
import { compileImages, imagesMounted } from './images.js';
import { forwardsIpv6, ipv6Forwarding } from './ipv6.js';
import { makeResource } from './resource.js';
import { heldService, holderId, holderService, isHolder } from './holder.js';
import { createBody, redactedSpec } from './service.js';
import { copiesOf } from './service-files.js';
import { endpointOptions } from './service-endpoints.js';
import type { Digest } from './digest.js';
import { compileHooks } from './hooks.js';
import { withUserspace } from './userspace.js';
import { compileWaits, dependencies, dependsOnLabel, restartsWith } from './waits.js';

/** What a stack's resources take from the rest of the topology. */
export interface StackSurroundings {
  readonly resolved: Resolved;
  /** Bytes, by switch name. */
  readonly mtuOf: ReadonlyMap<string, number>;
  /** What must stand before a container on that switch starts, on this stack's host. */
  readonly readyOf: ReadonlyMap<string, readonly string[]>;
  /** What the driver is told of a network beside its name and MTU. */
  readonly optionsOf: (network: ResolvedNetwork) => Readonly<Record<string, string>>;
  /** Whether the engine takes a MAC address for each network of a container. */
  readonly takesMacs: boolean;
  /** The wires that end in a container. */
  readonly pluggedIn: (container: ResourceId) => readonly ResourceId[];
  /** The names of their devices in a namespace, by what has that. */
  readonly devicesIn: (owner: ResourceId) => readonly string[];
  /** The ports that the VPP of a container has. */
  readonly sharedBy: (replica: string) => readonly UserspacePort[];
  /** The version of the host's VPP; undefined where it has none, or that is not known. */
  readonly vpp: string | undefined;
  readonly digest: Digest;
}

/** The MTU (bytes) of a Docker network that is on no switch: the engine's own default. */
const PLAIN_MTU = 1500;

/** A stack as images, volumes, networks and containers on its host. */
export function compileStack(stack: ResolvedStack, around: StackSurroundings): readonly Resource[] {
  return [
    ...compileImages(stack, around.resolved.name),
    ...stack.volumes
      .filter(v => !madeBy('volume', stack, v, around.resolved))
      .map(volume =>
        make(stack, around, 'volume', `${stack.name}/${volume.key}`, volumeSpec(stack, volume, around)),
      ),
    ...stack.networks
      .filter(n => !madeBy('network', stack, n, around.resolved))
      .map(network =>
        make(stack, around, 'network', `${stack.name}/${network.key}`, networkSpec(stack, network, around)),
      ),
    ...stack.services.flatMap(service =>
      service.containers.flatMap((_, i) => containers(stack, service, i + 1, around)),
    ),
    ...compileHooks(stack, around),
    ...compileWaits(around.resolved.name, stack, around.pluggedIn),
  ];
}

function make<Spec>(
  stack: ResolvedStack,
  around: StackSurroundings,
  kind: string,
  name: string,
  spec: Spec,
): Resource<Spec> {
  const group: Group = { is: 'stack', name: stack.name };
  const { name: topology, files } = around.resolved;
  const made = makeResource(topology, { host: stack.host, kind, name, group }, spec);
  return kind === 'container' && files ? { ...made, files } : made;
}

/** A container of a service, and what holds its network namespace where it waits for its plugs. */
function containers(
  stack: ResolvedStack,
  declared: ResolvedService,
  number: number,
  around: StackSurroundings,
): readonly Resource<ContainerSpec>[] {
  const name = replicaName(stack.name, declared.key, number);
  const service = withUserspace(around.resolved.name, declared, name, around.sharedBy(name));
  const makeOne = (kind: string, spec: ContainerSpec): Resource<ContainerSpec> =>
    make(stack, around, kind, name, spec);
  if (service.holders.length === 0)
    return [makeOne('container', serviceSpec(stack, service, number, around))];
  const holder = holderService(service, number);
  const spec = serviceSpec(stack, heldService(service, number), number, around);
  const plugs = around.pluggedIn(resourceId(stack.host, 'container', name));
  const waits = plugs.map(on => ({ on, because: 'it waits for its interfaces' }));
  return [
    makeOne('holder', containerSpec(stack, holder, holder.containers[0]!, {}, around)),
    makeOne('container', { ...spec, needs: [...spec.needs, ...waits] }),
  ];
}

/** Labels by which `docker compose ps`, IDEs and dashboards group what belongs to a project. */
function composeLabels(stack: ResolvedStack): Record<string, string> {
  return { 'com.docker.compose.project': stack.project, 'topo.stack': stack.name };
}

function volumeSpec(stack: ResolvedStack, volume: ResolvedVolume, around: StackSurroundings): VolumeSpec {
  return {
    name: volume.name,
    driver: volume.driver,
    options: volume.options,
    labels: { ...volume.labels, ...composeLabels(stack), 'com.docker.compose.volume': volume.key },
    topology: around.resolved.name,
    ...(volume.external && { external: true }),
  };
}

function networkSpec(stack: ResolvedStack, network: ResolvedNetwork, around: StackSurroundings): NetworkSpec {
  return {
    name: network.name,
    ...(network.external && { external: true }),
    ...(network.driver !== 'bridge' && { driver: network.driver }),
    ...(network.fabric && { fabric: true }),
    bridge: network.bridge,
    mtu: around.mtuOf.get(switchOf(network) ?? '') ?? network.mtu ?? PLAIN_MTU,
    subnets: network.subnets,
    ...networkExtras(network),
    internal: network.internal,
    ipv6: network.ipv6,
    ...(forwardsIpv6(network) && { after: [ipv6Forwarding(stack.host)] }),
    options: { ...network.options, ...around.optionsOf(network) },
    labels: { ...network.labels, ...composeLabels(stack), 'com.docker.compose.network': network.key },
    topology: around.resolved.name,
  };
}

function networkExtras({ attachable, ipv4, ipam }: ResolvedNetwork): NetworkExtras {
  return {
    ...(attachable !== undefined && { attachable }),
    ...(ipv4 !== undefined && { ipv4 }),
    ...(ipam && { ipam }),
  };
}

function serviceSpec(
  stack: ResolvedStack,
  service: ResolvedService,
  number: number,
  around: StackSurroundings,
): ContainerSpec {
  const labels = {
    ...service.labels,
    ...composeLabels(stack),
    'com.docker.compose.service': service.key,
    'com.docker.compose.container-number': String(number),
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.depends_on': dependsOnLabel(service),
  };
  return containerSpec(stack, service, service.containers[number - 1]!, labels, around);
}

function containerSpec(
  stack: ResolvedStack,
  service: ResolvedService,
  name: string,
  labels: Readonly<Record<string, string>>,
  around: StackSurroundings,
): ContainerSpec {
  return {
    name,
    config: createBody(service, labels, networkNameOf(stack)),
    networks: service.networks.map(n => ({
      id: idOf('network', stack, n.key, around.resolved),
      name: networkNameOf(stack)(n.key),
      aliases: [...new Set([service.key, ...n.aliases])],
      ...(n.ipv4 === undefined ? {} : { ipv4: n.ipv4 }),
      ...(n.ipv6 === undefined ? {} : { ipv6: n.ipv6 }),
      ...endpointOptions({ ...lastingMac(stack, n.key, name, around), ...n }, service),
    })),
    ...(service.files.length > 0 && { copies: copiesOf(service) }),
    image: resourceId(stack.host, 'image', imageReference(service.image)),
    needs: needs(stack, service, around),
    shares: shares(stack, service, around.resolved),
    ...inNamespace(stack, service, around),
    restartsWith: restartsWith(stack, service),
    redacted: redactedSpec(service, around.digest),
    topology: around.resolved.name,
  };
}

/** On a stretched network others go on with the MAC that a container had before its last start. */
function lastingMac(
  stack: ResolvedStack,
  key: string,
  container: string,
  { takesMacs }: StackSurroundings,
): { readonly mac?: string } {
  const network = stack.networks.find(n => n.key === key);
  if (!takesMacs || network?.stretch === undefined) return {};
  return { mac: hashedMac(`${network.name} ${container}`) };
}

function networkNameOf(stack: ResolvedStack): (key: string) => string {
  return key => stack.networks.find(n => n.key === key)!.name;
}

/** The containers of this topology on the same host whose namespaces a service shares. */
function shares(stack: ResolvedStack, { settings }: ResolvedService, resolved: Resolved): readonly string[] {
  const modes = [settings.networkMode, settings.pid, settings.ipc];
  return containersOf(
    modes.flatMap(mode => /^container:(.*)$/.exec(mode ?? '')?.[1] ?? []),
    stack,
    resolved,
  );
}

/** What holds the network namespace that a service is in, and the devices that are to be in that. */
function inNamespace(
  stack: ResolvedStack,
  { settings }: ResolvedService,
  { resolved, devicesIn }: StackSurroundings,
): Pick<ContainerSpec, 'within'> {
  const holder = /^container:(.*)$/.exec(settings.networkMode ?? '')?.[1];
  const [id] = holder === undefined ? [] : containersOf([holder], stack, resolved);
  if (id === undefined || !isHolder(id)) return {};
  return { within: { holder: id, name: holder!, devices: devicesIn(id) } };
}

/** Those of this topology on the same host that have the given names, what holds namespaces among them. */
function containersOf(
  called: readonly string[],
  stack: ResolvedStack,
  resolved: Resolved,
): readonly string[] {
  const names = new Set(called);
  if (names.size === 0) return [];
  const there = resolved.stacks.filter(s => s.host === stack.host);
  return there.flatMap(s =>
    s.services.flatMap(({ key, containers, holders }) =>
      containers.flatMap((name, i) => {
        const id = resourceId(s.host, 'container', replicaName(s.name, key, i + 1));
        const holder = holders[i] ?? '';
        return [...(names.has(name) ? [id] : []), ...(names.has(holder) ? [holderId(id)] : [])];
      }),
    ),
  );
}

function needs(
  stack: ResolvedStack,
  service: ResolvedService,
  around: StackSurroundings,
): ContainerSpec['needs'] {
  const volumes = service.mounts.flatMap(m =>
    m.type === 'volume' && m.source !== undefined ? [m.source] : [],
  );
  const switches = service.networks.flatMap(
    n => stack.networks.filter(d => d.key === n.key).map(switchOf)[0] ?? [],
  );
  const { links = [], volumesFrom = [] } = service.settings;
  const namedBy = (entries: readonly string[]): readonly string[] =>
    containersOf(
      entries.map(entry => entry.split(':')[0]!),
      stack,
      around.resolved,
    );
  const all = [
    ...dependencies(stack, service),
    ...namedBy(links).map(on => ({ on, because: 'it is linked with it' })),
    ...namedBy(volumesFrom).map(on => ({ on, because: 'it has its mounts' })),
    ...[...new Set(volumes)].map(key => ({
      on: idOf('volume', stack, key, around.resolved),
      because: 'it mounts the volume',
    })),
    ...imagesMounted(service).map(reference => ({
      on: resourceId(stack.host, 'image', reference),
      because: 'it mounts the image',
    })),
    ...[...new Set(switches)].flatMap(name =>
      (around.readyOf.get(name) ?? []).map(on => ({
        on,
        because: `${name} must be there from its first packet on`,
      })),
    ),
  ];
  return [...new Map(all.map(need => [need.on, need])).values()];
}
