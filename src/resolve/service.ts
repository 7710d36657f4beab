import type {
  BuildRequest,
  ContainerFile,
  MountDeclaration,
  ResolvedService,
  ServiceDeclaration,
  ServiceSettings,
} from '../core/index.js';
import type { Environment } from './environment.js';
import { builtInNetwork, resolveJoins, resolveMemberships } from './joins.js';

/** A service's containers are called so. */
export function containerNames(
  project: string,
  key: string,
  { containerName: own, replicas }: ServiceDeclaration,
): readonly string[] {
  return Array.from({ length: replicas }, (_, i) => own ?? `${project}-${key}-${i + 1}`);
}

/** What holds the network namespaces of the containers of a service that waits for its plugs; nothing where it has none. */
export function holderNames(
  containers: readonly string[],
  { waitForInterfaces }: ServiceDeclaration,
  plugged: boolean,
): readonly string[] {
  return waitForInterfaces && plugged ? containers.map(name => `${name}-holder`) : [];
}

/** The engine's names of what is in a stack, by key. */
export interface StackNames {
  readonly project: string;
  readonly containers: ReadonlyMap<string, readonly string[]>;
  readonly holders: ReadonlyMap<string, readonly string[]>;
  readonly volumes: ReadonlyMap<string, string>;
  /** Only of networks that are external. */
  readonly externalNetworks: ReadonlyMap<string, string>;
}

/** A service with its containers' names, and with those of all that it refers to. */
export function resolveService(
  key: string,
  service: ServiceDeclaration,
  names: StackNames & { readonly files: readonly ContainerFile[]; readonly build: BuildRequest | undefined },
  plugged: boolean,
  environment: Environment,
): ResolvedService {
  const { containers, volumes } = names;
  const declared = isOnNetworks(service, plugged) ? (service.networks ?? { default: { aliases: [] } }) : {};
  const builtIn = builtInNetwork(declared, names.externalNetworks);
  const { externalLinks: _, ...settings } = service.settings;
  return {
    key,
    containers: containers.get(key)!,
    holders: names.holders.get(key)!,
    image: service.image ?? `${names.project}-${key}`,
    ...(names.build && { build: names.build }),
    pullPolicy: service.pullPolicy,
    ...(service.command && { command: service.command }),
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    environment: resolveEnvironment(service.environment, environment),
    networks: builtIn === undefined ? resolveMemberships(declared, settings.macAddress) : [],
    ports: service.ports,
    labels: service.labels,
    restart: service.restart,
    mounts: service.volumes.map(mount => ({ ...mount, ...volumeName(mount, volumes) })),
    dependsOn: resolveDependencies(service, containers),
    files: names.files,
    postStart: service.postStart.map(hook => ({
      ...hook,
      environment: resolveEnvironment(hook.environment, environment),
    })),
    ...(service.userspace && { userspace: service.userspace }),
    limits: service.limits,
    settings: {
      ...settings,
      ...sharedNamespaces(settings, names),
      ...resolveJoins(service.settings, names),
      ...(builtIn !== undefined && { networkMode: builtIn }),
    },
  };
}

/** As in Compose, services that this one has something of come first as well, and nobody waits for a service that has no container. */
function resolveDependencies(
  { dependsOn, settings: { networkMode, pid, ipc, links = [], volumesFrom = [] } }: ServiceDeclaration,
  containers: ReadonlyMap<string, readonly string[]>,
): ResolvedService['dependsOn'] {
  const shared = [networkMode, pid, ipc].flatMap(mode => /^service:(.*)$/.exec(mode ?? '')?.[1] ?? []);
  const mounted = volumesFrom.filter(entry => !entry.startsWith('container:'));
  const named = (names: readonly string[], restart: boolean) =>
    names.map(name => [name.split(':')[0]!, { condition: 'started', required: true, restart }] as const);
  const implied = [...named([...links, ...shared], true), ...named(mounted, false)];
  const all = Object.entries({ ...Object.fromEntries(implied), ...dependsOn });
  return all
    .filter(([service]) => (containers.get(service)?.length ?? 0) > 0)
    .map(([service, dependency]) => ({ service, ...dependency }));
}

/** Whether it has Docker networks: one with `network_mode` has none, and one with plugs has those that it names. */
export function isOnNetworks({ settings, networks }: ServiceDeclaration, plugged: boolean): boolean {
  return settings.networkMode === undefined && (!plugged || networks !== undefined);
}

/** `service:NAME` as the engine knows it: of several containers the first, as in Compose; for the network what holds it. */
function sharedNamespaces(
  { pid, ipc, networkMode }: ServiceSettings,
  { containers, holders }: StackNames,
): Pick<ServiceSettings, 'pid' | 'ipc' | 'networkMode'> {
  const shared = Object.entries({ pid, ipc, networkMode }).flatMap(([key, mode]) => {
    const name = /^service:(.*)$/.exec(mode ?? '')?.[1];
    if (name === undefined) return [];
    const holder = key === 'networkMode' ? holders.get(name)?.[0] : undefined;
    return [[key, `container:${holder ?? containers.get(name)?.[0]}`]];
  });
  return Object.fromEntries(shared);
}

/** Names without a value take that of topo's own environment; where it has none, the image's is taken away, as by Compose. */
function resolveEnvironment(
  declared: ServiceDeclaration['environment'],
  own: Environment,
): ResolvedService['environment'] {
  const valueOf = (name: string): string | null => (Object.hasOwn(own, name) ? own[name] : undefined) ?? null;
  return Object.fromEntries(Object.entries(declared).map(([name, value]) => [name, value ?? valueOf(name)]));
}

function volumeName(
  { type, source }: MountDeclaration,
  volumes: ReadonlyMap<string, string>,
): { volume?: string } {
  const volume = type === 'volume' && source !== undefined ? volumes.get(source) : undefined;
  return volume === undefined ? {} : { volume };
}
