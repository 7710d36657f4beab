import { BUILD_LABEL } from '../core/index.js';
import type {
  EngineContainer,
  EngineEndpoint,
  EngineFacts,
  EngineNetwork,
  EngineVolume,
} from '../core/index.js';
import { listOf, numberOf, rowOf, stringsOf, textOf, textsOf, type Row } from './json.js';

/** The engine's list replies as inventory: what the engine leaves out or gives as null becomes empty. All sorted. */

/** `GET /containers/json?all=1`. */
export function parseContainers(reply: unknown): readonly EngineContainer[] {
  return sortBy(listOf(reply).map(parseContainer), c => `${c.name} ${c.id}`);
}

/** `GET /networks`. */
export function parseNetworks(reply: unknown): readonly EngineNetwork[] {
  return sortBy(listOf(reply).map(parseNetwork), n => `${n.name} ${n.id}`);
}

/** `GET /volumes`. */
export function parseVolumes(reply: unknown): readonly EngineVolume[] {
  const volumes = listOf(rowOf(reply)['Volumes']).map(v => {
    return {
      name: textOf(v['Name']),
      driver: textOf(v['Driver']),
      options: textsOf(v['Options']),
      labels: textsOf(v['Labels']),
    };
  });
  return sortBy(volumes, v => v.name);
}

/** `GET /images/json`: every tag, every digest reference and every id, to the id. */
export function parseImages(reply: unknown): Readonly<Record<string, string>> {
  const pairs = listOf(reply).flatMap(image => {
    const id = textOf(image['Id']);
    const references = [...stringsOf(image['RepoTags']), ...stringsOf(image['RepoDigests'])];
    return [id, ...references.filter(r => !r.includes('<none>'))].map(r => [r, id] as const);
  });
  return Object.fromEntries(sortBy(pairs, ([reference]) => reference));
}

/** `GET /images/json`: what topo noted on the images that it built, by id. */
export function parseBuilds(reply: unknown): Readonly<Record<string, string>> {
  const noted = listOf(reply).flatMap(image => {
    const built = textsOf(image['Labels'])[BUILD_LABEL];
    return built === undefined ? [] : [[textOf(image['Id']), built] as const];
  });
  return Object.fromEntries(sortBy(noted, ([id]) => id));
}

/** What an engine tells whether its kernel and cgroups let it limit. */
const CAN_LIMIT = [
  'CPUSet',
  'CPUShares',
  'CpuCfsPeriod',
  'CpuCfsQuota',
  'MemoryLimit',
  'PidsLimit',
  'SwapLimit',
];

/** `GET /version` and `GET /info`: what a call did not tell is left out. */
export function parseVersion(version: unknown, info: unknown): EngineFacts {
  const [v, i] = [rowOf(version), rowOf(info)];
  const told = {
    dataRoot: textOf(i['DockerRootDir']),
    system: textOf(i['OperatingSystem']),
    kernel: textOf(v['KernelVersion']),
    firewall: textOf(rowOf(i['FirewallBackend'])['Driver']),
  };
  const lacks = CAN_LIMIT.filter(name => i[name] === false);
  return {
    is: 'running',
    version: textOf(v['Version']),
    apiVersion: textOf(v['ApiVersion']),
    arch: textOf(v['Arch']),
    id: textOf(i['ID']),
    ...Object.fromEntries(Object.entries(told).filter(([, text]) => text !== '')),
    ...swarmOf(rowOf(i['Swarm'])),
    ...(lacks.length > 0 && { lacks }),
    ...(stringsOf(i['SecurityOptions']).some(o => o === 'name=rootless') && { rootless: true }),
  };
}

/** An engine that is in no swarm says `inactive`; a worker has no `Cluster`. */
function swarmOf(swarm: Row): { readonly swarm?: { readonly port?: number } } {
  if (textOf(swarm['LocalNodeState']) !== 'active') return {};
  const port = numberOf(rowOf(swarm['Cluster'])['DataPathPort'], 0);
  return { swarm: port === 0 ? {} : { port } };
}

function parseContainer(c: Row): EngineContainer {
  const networks = Object.entries(rowOf(rowOf(c['NetworkSettings'])['Networks']));
  return {
    id: textOf(c['Id']),
    name: containerName(stringsOf(c['Names'])),
    image: textOf(c['Image']),
    imageId: textOf(c['ImageID']),
    labels: textsOf(c['Labels']),
    state: textOf(c['State']),
    status: textOf(c['Status']),
    networkMode: textOf(rowOf(c['HostConfig'])['NetworkMode']),
    networks: Object.fromEntries(
      sortBy(networks, ([name]) => name).map(([n, e]) => [n, parseEndpoint(rowOf(e))]),
    ),
    ports: parsePorts(listOf(c['Ports'])),
    mounts: listOf(c['Mounts']).map(parseMount),
  };
}

/** A legacy link adds `/other/alias` to the names; the container's own has one slash. */
function containerName(names: readonly string[]): string {
  const own = names.find(n => n.lastIndexOf('/') === 0) ?? names[0] ?? '';
  return own.replace(/^\//, '');
}

/** A container that does not run has no address but may have a fixed one to come. */
function parseEndpoint(e: Row): EngineEndpoint {
  const fixed = rowOf(e['IPAMConfig']);
  return {
    networkId: textOf(e['NetworkID']),
    ipv4: textOf(e['IPAddress']) || textOf(fixed['IPv4Address']),
    ipv6: textOf(e['GlobalIPv6Address']) || textOf(fixed['IPv6Address']),
    mac: textOf(e['MacAddress']),
  };
}

function parsePorts(ports: readonly Row[]): EngineContainer['ports'] {
  const published = ports.filter(p => typeof p['PublicPort'] === 'number');
  const parsed = published.map(p => {
    return {
      ip: textOf(p['IP']),
      host: Number(p['PublicPort']),
      container: Number(p['PrivatePort']),
      protocol: textOf(p['Type']),
    };
  });
  return sortBy(parsed, p => `${p.protocol} ${String(p.host).padStart(5)} ${p.ip}`);
}

function parseMount(m: Row): EngineContainer['mounts'][number] {
  return {
    type: textOf(m['Type']),
    source: textOf(m['Name']) || textOf(m['Source']),
    target: textOf(m['Destination']),
  };
}

function parseNetwork(n: Row): EngineNetwork {
  const pools = listOf(rowOf(n['IPAM'])['Config']);
  return {
    id: textOf(n['Id']),
    name: textOf(n['Name']),
    driver: textOf(n['Driver']),
    subnets: pools.map(p => textOf(p['Subnet'])).filter(Boolean),
    gateways: pools.map(p => textOf(p['Gateway'])).filter(Boolean),
    options: textsOf(n['Options']),
    labels: textsOf(n['Labels']),
    internal: n['Internal'] === true,
    ipv6: n['EnableIPv6'] === true,
  };
}

function sortBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items
    .map(i => [key(i), i] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, i]) => i);
}
