import type { BuildRequest, ContainerFile, EngineCall, Query, Step } from '../core/index.js';

/**
 * The Docker Engine API: the only file that spells its paths. No version stands in a path, because a fixed one is
 * refused by engines that dropped it while calls without one work from 20.10 to 29.
 */

/** What is read of an engine, one call each; the answers go to the parsers of docker-parse.ts. */
export const ENGINE_READS = {
  containers: read('/containers/json?all=1'),
  networks: read('/networks'),
  volumes: read('/volumes'),
  images: read('/images/json'),
  version: read('/version'),
  info: read('/info'),
} as const satisfies Record<string, Query>;

/** How a container stands on a network: an element of `EndpointsConfig`, or the body of a connect. */
export interface Endpoint {
  readonly Aliases: readonly string[];
  readonly IPAMConfig?: {
    readonly IPv4Address?: string;
    readonly IPv6Address?: string;
    readonly LinkLocalIPs?: readonly string[];
  };
  readonly MacAddress?: string;
  readonly GwPriority?: number;
  readonly DriverOpts?: Readonly<Record<string, string>>;
  readonly Links?: readonly string[];
}

/** The body of an update call; what is not in it stays as it is, and so does what is 0 or empty. */
export interface UpdateBody {
  readonly RestartPolicy?: unknown;
  readonly [limit: string]: unknown;
}

/** The body of a create call for a volume. */
export interface VolumeBody {
  readonly Name: string;
  readonly Driver: string;
  readonly DriverOpts?: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
}

/** The body of a create call for a network. */
export interface NetworkBody {
  readonly Name: string;
  readonly [key: string]: unknown;
}

/** Not accepted: 409, because a name taken since the reading is somebody else's. */
export function createContainer(name: string, body: unknown, note = ''): Step {
  return post(`create container ${name}${note}`, `/containers/create?name=${encodeURIComponent(name)}`, body);
}

/** Files that are there from the first start on. */
export function copyIntoContainer(
  ref: string,
  directory: string,
  files: readonly ContainerFile[],
  name = ref,
): Step {
  const paths = files.map(f => f.path).join(', ');
  return {
    via: 'copy',
    container: ref,
    directory,
    files,
    mutates: true,
    label: `copy ${paths} into ${name}`,
  };
}

export function startContainer(ref: string, name = ref): Step {
  return post(`start container ${name}`, `${container(ref)}/start`, undefined, [304]);
}

/** The only way out of `restarting` without waiting for the engine's back-off; a start would be a 304. */
export function restartContainer(ref: string, name = ref, grace?: number): Step {
  return patient(post(`restart container ${name}`, `${container(ref)}/restart`), grace);
}

/** A paused container refuses a start (409); one that is not paused any more says 500 (seen on engine 20.10), later 409. */
export function unpauseContainer(ref: string, name = ref): Step {
  return post(`unpause container ${name}`, `${container(ref)}/unpause`, undefined, [409, 500]);
}

/** Without a time in the call the engine waits for the container's own grace: `grace`, milliseconds. */
export function stopContainer(ref: string, name = ref, grace?: number): Step {
  return patient(post(`stop container ${name}`, `${container(ref)}/stop`, undefined, [304, 404]), grace);
}

function patient<S extends Step & EngineCall>(step: S, grace: number | undefined): Step {
  return grace === undefined ? step : { ...step, takes: grace };
}

/** While it runs, or does not; `note`: what is changed, for people. */
export function updateContainer(ref: string, body: UpdateBody, name: string, note: string): Step {
  return post(`update container ${name}: ${note}`, `${container(ref)}/update`, body);
}

export function renameContainer(ref: string, from: string, to: string): Step {
  return post(`rename container ${from} to ${to}`, `${container(ref)}/rename?name=${encodeURIComponent(to)}`);
}

/** Anonymous volumes go with it, or are kept for the next one. 409: another removal of it is under way. */
export function removeContainer(ref: string, name = ref, volumes: 'with' | 'keep' = 'with'): Step {
  return remove(
    `remove container ${name}`,
    `${container(ref)}?v=${volumes === 'with' ? 1 : 0}&force=1`,
    [404, 409],
  );
}

export function createNetwork(body: NetworkBody): Step {
  return post(`create network ${body.Name}`, '/networks/create', body);
}

export function removeNetwork(ref: string, name = ref): Step {
  return remove(`remove network ${name}`, network(ref), [404]);
}

export function connectNetwork(
  to: string,
  containerRef: string,
  endpoint: Endpoint,
  containerName = containerRef,
): Step {
  const body = { Container: containerRef, EndpointConfig: endpoint };
  return post(`connect ${containerName} to network ${to}`, `${network(to)}/connect`, body);
}

/**
 * Harmless where container, network or connection is gone already: 404, and 500 "is not connected to" (seen on engine
 * 20.10). Should a 500 be something else, the network's removal or the next reading shows it.
 */
export function disconnectNetwork(
  from: string,
  containerRef: string,
  containerName = containerRef,
  fromName = from,
): Step {
  const body = { Container: containerRef, Force: true };
  const label = `disconnect ${containerName} from network ${fromName}`;
  return post(label, `${network(from)}/disconnect`, body, [404, 500]);
}

/** The engine answers with the volume that is there where the name is taken. */
export function createVolume(body: VolumeBody): Step {
  return post(`create volume ${body.Name}`, '/volumes/create', body);
}

export function removeVolume(name: string): Step {
  return remove(`remove volume ${name}`, `/volumes/${encodeURIComponent(name)}`, [404]);
}

/** What the engine knows of one image, `Metadata.LastTagTime` among it. */
export function inspectImage(reference: string): Query & EngineCall {
  return read(`/images/${encodeURIComponent(reference)}/json`);
}

/** Gives an image the name that it has: the engine notes when that was, as docker compose reads it too (a pull alone is not noted by all). */
export function tagAgain(reference: string): Step {
  const [, repository = '', tag = ''] = /^(.*):([^/:]+)$/.exec(reference) ?? [];
  const query = new URLSearchParams({ repo: repository, tag }).toString();
  const path = `/images/${encodeURIComponent(reference)}/tag?${query}`;
  return post(`note when image ${reference} was pulled`, path);
}

/** Builds an image on the host's engine. */
export function buildImage(reference: string, request: BuildRequest): Step {
  return { via: 'build', reference, request, mutates: true, label: `build image ${reference}` };
}

/** Brings an image onto the host: from its registry, from the operator's engine, or made of busybox on the spot. */
export function fetchImage(source: 'pull' | 'push' | 'busybox', reference: string): Step {
  const label = source === 'busybox' ? `make image ${reference}` : `${source} image ${reference}`;
  return { via: 'stream', name: source, args: [reference], mutates: true, label };
}

/** A step that fails with a message: for what must not be done, where only the moment of doing it can tell. */
export function refuse(message: string): Step {
  const argv = ['sh', '-c', 'printf "%s\\n" "$0" >&2; exit 1', message];
  return { via: 'exec', argv, mutates: true, label: `refuse: ${message}` };
}

function read(path: string): Query & EngineCall {
  return { via: 'docker', method: 'GET', path, mutates: false };
}

function post(label: string, path: string, body?: unknown, accept?: readonly number[]): Step & EngineCall {
  const call = { via: 'docker', method: 'POST', path, mutates: true, label } as const;
  return { ...call, ...(body !== undefined && { body }), ...(accept && { accept }) };
}

function remove(label: string, path: string, accept: readonly number[]): Step {
  return { via: 'docker', method: 'DELETE', path, accept, mutates: true, label };
}

function container(ref: string): string {
  return `/containers/${encodeURIComponent(ref)}`;
}

function network(ref: string): string {
  return `/networks/${encodeURIComponent(ref)}`;
}
