import { familyOf, replicaName, resourceId } from '../core/index.js';
import type {
  Group,
  Resolved,
  ResolvedNetwork,
  ResolvedService,
  ResolvedStack,
  Resource,
} from '../core/index.js';
import type { ContainerSpec, ImageSpec, NetworkSpec, VolumeSpec } from '../kinds/index.js';
import { imageReference } from '../tools/index.js';
import { ipv6Forwarding } from './ipv6.js';
import { makeResource } from './resource.js';
import { createBody, redactedSpec } from './service.js';
import type { Digest } from './digest.js';

/** What a stack's resources take from the rest of the topology. */
export interface StackSurroundings {
  readonly resolved: Resolved;
  /** Bytes, by switch name. */
  readonly mtuOf: ReadonlyMap<string, number>;
  /** What must stand before a container on that switch starts, on this stack's host. */
  readonly readyOf: ReadonlyMap<string, readonly string[]>;
  /** What the driver is told of a network beside its name and MTU. */
  readonly optionsOf: (network: ResolvedNetwork) => Readonly<Record<string, string>>;
  readonly digest: Digest;
}

/** The MTU (bytes) of a Docker network that is on no switch: the engine's own default. */
const PLAIN_MTU = 1500;

/** The image that topo makes on the spot, so that the first steps need no registry. */
const MADE_IMAGE = /^topo\/busybox(:latest)?$/;

/** A stack as images, volumes, networks and containers on its host. */
export function compileStack(stack: ResolvedStack, around: StackSurroundings): readonly Resource[] {
  return [
    ...images(stack, around),
    ...stack.volumes.map(volume =>
      make<VolumeSpec>(stack, around, 'volume', `${stack.name}/${volume.key}`, {
        name: volume.name,
        labels: { ...volume.labels, ...composeLabels(stack), 'com.docker.compose.volume': volume.key },
        topology: around.resolved.name,
      }),
    ),
    ...stack.networks.map(network =>
      make<NetworkSpec>(
        stack,
        around,
        'network',
        `${stack.name}/${network.key}`,
        networkSpec(stack, network, around),
      ),
    ),
    ...stack.services.flatMap(service =>
      service.containers.map((_, i) =>
        make<ContainerSpec>(
          stack,
          around,
          'container',
          replicaName(stack.name, service.key, i + 1),
          containerSpec(stack, service, i + 1, around),
        ),
      ),
    ),
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
  return makeResource(around.resolved.name, { host: stack.host, kind, name, group }, spec);
}

/** Labels by which `docker compose ps`, IDEs and dashboards group what belongs to a project. */
function composeLabels(stack: ResolvedStack): Record<string, string> {
  return { 'com.docker.compose.project': stack.project, 'topo.stack': stack.name };
}

/** One resource per reference; where services of a host disagree on the policy the first one's holds. */
function images(stack: ResolvedStack, around: StackSurroundings): readonly Resource<ImageSpec>[] {
  const seen = new Map<string, ResolvedService>();
  for (const service of stack.services) {
    const reference = imageReference(service.image);
    if (!seen.has(reference)) seen.set(reference, service);
  }
  return [...seen].map(([reference, service]) => {
    const at = {
      host: stack.host,
      kind: 'image',
      name: reference,
      group: { is: 'host', name: stack.host } as Group,
    };
    return makeResource<ImageSpec>(around.resolved.name, at, {
      reference,
      source: sourceOf(service),
      always: service.pullPolicy === 'always',
    });
  });
}

function sourceOf(service: ResolvedService): ImageSpec['source'] {
  if (service.pullPolicy === 'never') return 'none';
  if (MADE_IMAGE.test(service.image)) return 'busybox';
  return service.pullPolicy === 'push' ? 'push' : 'pull';
}

function networkSpec(stack: ResolvedStack, network: ResolvedNetwork, around: StackSurroundings): NetworkSpec {
  return {
    name: network.name,
    bridge: network.bridge,
    mtu: (network.fabric && around.mtuOf.get(network.fabric.switch)) ?? PLAIN_MTU,
    subnets: network.subnets,
    internal: network.internal,
    ipv6: hasIpv6(network),
    ...(hasIpv6(network) && { after: [ipv6Forwarding(stack.host)] }),
    options: around.optionsOf(network),
    labels: { ...network.labels, ...composeLabels(stack), 'com.docker.compose.network': network.key },
    topology: around.resolved.name,
  };
}

function hasIpv6(network: ResolvedNetwork): boolean {
  return network.subnets.some(s => familyOf(s.subnet) === 6);
}

function containerSpec(
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
  };
  return {
    name: service.containers[number - 1]!,
    config: createBody(service, labels, networkNameOf(stack)),
    networks: service.networks.map(n => ({
      id: resourceId(stack.host, 'network', `${stack.name}/${n.key}`),
      name: networkNameOf(stack)(n.key),
      aliases: [...new Set([service.key, ...n.aliases])],
      ...(n.ipv4 === undefined ? {} : { ipv4: n.ipv4 }),
      ...(n.ipv6 === undefined ? {} : { ipv6: n.ipv6 }),
    })),
    image: resourceId(stack.host, 'image', imageReference(service.image)),
    needs: needs(stack, service, around),
    shares: shares(stack, service, around.resolved),
    redacted: redactedSpec(service, around.digest),
    topology: around.resolved.name,
  };
}

function networkNameOf(stack: ResolvedStack): (key: string) => string {
  return key => stack.networks.find(n => n.key === key)!.name;
}

/** The containers of this topology on the same host whose namespaces a service shares. */
function shares(stack: ResolvedStack, { settings }: ResolvedService, resolved: Resolved): readonly string[] {
  const modes = [settings.networkMode, settings.pid, settings.ipc];
  const names = new Set(modes.flatMap(mode => /^container:(.*)$/.exec(mode ?? '')?.[1] ?? []));
  if (names.size === 0) return [];
  const there = resolved.stacks.filter(s => s.host === stack.host);
  return there.flatMap(s =>
    s.services.flatMap(({ key, containers }) =>
      containers.flatMap((name, i) =>
        names.has(name) ? [resourceId(s.host, 'container', replicaName(s.name, key, i + 1))] : [],
      ),
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
    n => stack.networks.find(d => d.key === n.key)?.fabric?.switch ?? [],
  );
  return [
    ...[...new Set(volumes)].map(key => ({
      on: resourceId(stack.host, 'volume', `${stack.name}/${key}`),
      because: 'it mounts the volume',
    })),
    ...[...new Set(switches)].flatMap(name =>
      (around.readyOf.get(name) ?? []).map(on => ({
        on,
        because: `${name} must be there from its first packet on`,
      })),
    ),
  ];
}
