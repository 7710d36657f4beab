import type {
  MountDeclaration,
  ResolvedService,
  ServiceDeclaration,
  ServiceSettings,
} from '../core/index.js';
import type { Environment } from './environment.js';

/** A service's containers are called so. */
export function containerNames(
  project: string,
  key: string,
  { containerName: own, replicas }: ServiceDeclaration,
): readonly string[] {
  return Array.from({ length: replicas }, (_, i) => own ?? `${project}-${key}-${i + 1}`);
}

/**
 * A service with its containers' names; `containers` and `volumes` have the engine's names of those of the stack, by key.
 */
export function resolveService(
  key: string,
  service: ServiceDeclaration,
  containers: ReadonlyMap<string, readonly string[]>,
  volumes: ReadonlyMap<string, string>,
  environment: Environment,
): ResolvedService {
  const networks = isOnNetworks(service) ? (service.networks ?? { default: { aliases: [] } }) : {};
  return {
    key,
    containers: containers.get(key)!,
    image: service.image,
    pullPolicy: service.pullPolicy,
    ...(service.command && { command: service.command }),
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    environment: resolveEnvironment(service.environment, environment),
    networks: Object.entries(networks).map(([network, membership]) => ({ key: network, ...membership })),
    ports: service.ports,
    labels: service.labels,
    restart: service.restart,
    mounts: service.volumes.map(mount => ({ ...mount, ...volumeName(mount, volumes) })),
    limits: service.limits,
    settings: { ...service.settings, ...sharedNamespaces(service.settings, containers) },
  };
}

/** Whether it has networks of its own: one with `network_mode` has none. */
export function isOnNetworks({ settings }: ServiceDeclaration): boolean {
  return settings.networkMode === undefined;
}

/** `service:NAME` as the engine knows it: of several containers the first, as in Compose. */
function sharedNamespaces(
  { pid, ipc, networkMode }: ServiceSettings,
  containers: ReadonlyMap<string, readonly string[]>,
): Pick<ServiceSettings, 'pid' | 'ipc' | 'networkMode'> {
  const shared = Object.entries({ pid, ipc, networkMode }).flatMap(([key, mode]) => {
    const name = /^service:(.*)$/.exec(mode ?? '')?.[1];
    return name === undefined ? [] : [[key, `container:${containers.get(name)?.[0]}`]];
  });
  return Object.fromEntries(shared);
}

/** Names without a value take that of topo's own environment, and are left out where it has none. */
function resolveEnvironment(
  declared: ServiceDeclaration['environment'],
  own: Environment,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, value]): [string, string][] => {
      const found = value ?? (Object.hasOwn(own, name) ? own[name] : undefined);
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

function volumeName(
  { type, source }: MountDeclaration,
  volumes: ReadonlyMap<string, string>,
): { volume?: string } {
  const volume = type === 'volume' && source !== undefined ? volumes.get(source) : undefined;
  return volume === undefined ? {} : { volume };
}
