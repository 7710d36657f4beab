import type { MountDeclaration, ResolvedService, ServiceDeclaration } from '../core/index.js';
import type { Environment } from './environment.js';

/** A service with its container's name; `volumes` has the engine's names of the stack's volumes by key. */
export function resolveService(
  project: string,
  key: string,
  service: ServiceDeclaration,
  volumes: ReadonlyMap<string, string>,
  environment: Environment,
): ResolvedService {
  const networks = service.networks ?? { default: { aliases: [] } };
  return {
    key,
    container: service.containerName ?? `${project}-${key}-1`,
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
  };
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
