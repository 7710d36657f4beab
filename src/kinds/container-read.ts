import type {
  ContainerSettings,
  EndpointSettings,
  EngineContainer,
  EngineEndpoint,
  Found,
  Inventory,
  ResourceId,
  Scope,
} from '../core/index.js';
import { imageReference } from '../tools/index.js';
import { adoptionOf, type Adoption } from './adoption.js';
import type { ContainerSpec, Within } from './container-spec.js';
import { isOurs } from './device.js';
import { findMarked, holderText } from './marked.js';
import { markOf, type Mark } from './marks.js';
import { unread } from './unread.js';

/** A container as it is. */
export interface ContainerState {
  readonly id: string;
  readonly name: string;
  /** `created`, `running`, `paused`, `restarting`, `exited`, `dead`, `removing`. */
  readonly status: string;
  /** `Exited (1) 3 minutes ago`. */
  readonly statusText: string;
  /** What it was made for, as its labels say: the resource, the digest and the text of what was asked for. */
  readonly mark: Mark;
  /** The resource that wants it now; a label can't be changed, so another one than the mark's needs a new container. */
  readonly wantedBy: ResourceId | undefined;
  /** A container whose namespace it shares and that is made anew. */
  readonly cutOff?: ResourceId;
  /** What holds the namespace that it is to be in, and how it is not in that. */
  readonly within?: Within;
  readonly adrift?: Adrift;
  /** A container that is made anew and takes it along. */
  readonly restartFor?: ResourceId;
  /** The service that it is of, and those that it was said to depend on when it was made; of the same project. */
  readonly service: { readonly key: string; readonly on: readonly string[] };
  readonly networks: Readonly<Record<string, ContainerConnection>>;
  /** What it was made on, which nothing changes; undefined where its engine does not say. */
  readonly mode?: NetworkMode;
  /** Undefined: it went away while it was looked at. */
  readonly settings?: ContainerSettings;
  readonly mounts: EngineContainer['mounts'];
  /** Ports of the host that are taken by it, `8080/tcp` each; only a running one has any. */
  readonly published: readonly string[];
  readonly imageId: string;
  /** The image that its reference means by now; undefined where that can't be told. */
  readonly imageNow: string | undefined;
  readonly adopted?: Adoption;
  /** What the engine says of it and of its image, and the names of containers by id; of what is about to be adopted. */
  readonly inspected?: NonNullable<EngineContainer['inspected']> & {
    readonly names: ReadonlyMap<string, string>;
  };
}

export interface NetworkMode {
  readonly name: string;
  /** Whether that is a network that somebody made. */
  readonly isNetwork: boolean;
  /** Whether there is no such network, or none any more once all is as wanted. */
  readonly goes: boolean;
}

/**
 * `elsewhere`: it was made for another namespace, that of a holder that is gone included. `lost`: the holder ended since it started, and
 * the devices that it still has are nobody's. `bare`: it started before any device was there.
 */
export type Adrift = 'elsewhere' | 'lost' | 'bare';

export interface ContainerConnection {
  /** Each empty where it has no such address: not running, and none fixed. */
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
  readonly settings: EndpointSettings | undefined;
  /** Whether the network is of this topology, or the container has the name of its service there: nobody else gives it that. */
  readonly ours: boolean;
  /** Whether the network is gone: one of the same name that came later is another one. */
  readonly stale: boolean;
}

/** The containers of a topology on a host that are of one kind of resource. */
export function findContainers(
  inventory: Inventory,
  scope: Scope<ContainerSpec>,
  kind: string,
): readonly Found<ContainerState>[] {
  const blind = unread(inventory, ['containers', 'networks', 'images'], scope);
  if (blind) return blind;
  const names = new Map(inventory.containers.map(c => [c.id, c.name]));
  return findMarked<ContainerSpec, EngineContainer, ContainerState>(
    scope,
    inventory.containers,
    (item, mark, want) => ({
      id: item.id,
      name: item.name,
      status: item.state,
      statusText: item.status,
      mark,
      wantedBy: want?.id,
      service: serviceOf(item),
      networks: connections(item, inventory, scope.topology),
      ...modeOf(item, inventory, scope),
      ...(item.settings && { settings: item.settings }),
      mounts: item.mounts,
      published: published(item),
      imageId: item.imageId,
      imageNow: want && inventory.images[imageReference(String(want.spec.config.Image))],
      ...withinOf(item, want?.spec.within, inventory, scope.topology),
      ...adoptionOf(mark),
      ...(mark.adopted === 'now' && item.inspected && { inspected: { ...item.inspected, names } }),
    }),
    c => holderText(c, 'container', `image ${c.image}, ${c.state}`),
    kind,
  );
}

function withinOf(
  item: EngineContainer,
  within: Within | undefined,
  inventory: Inventory,
  topology: string,
): Pick<ContainerState, 'within' | 'adrift'> {
  if (!within) return {};
  const adrift = adriftOf(item, within, inventory, topology);
  return { within, ...(adrift && { adrift }) };
}

/** An engine keeps whose namespace a container is in by the name or the id that it was given, whatever that one has since (seen). */
function adriftOf(
  item: EngineContainer,
  { holder: id, devices }: Within,
  inventory: Inventory,
  topology: string,
): Adrift | undefined {
  const holder = inventory.containers.find(c => {
    const mark = markOf(c.labels);
    return mark?.topology === topology && mark.id === id;
  });
  if (!holder || ![holder.id, holder.name].some(ref => item.networkMode === `container:${ref}`))
    return 'elsewhere';
  if (item.state !== 'running') return undefined;
  if (holder.state !== 'running') return 'lost';
  const space = inventory.namespaces.find(n => n.containers.includes(holder.id));
  if (!space) return undefined;
  if (!space.containers.includes(item.id)) return 'lost';
  const has = space.links.some(link => devices.includes(link.name) && isOurs(link, topology));
  return has || devices.length === 0 ? undefined : 'bare';
}

/** By Compose's labels: `com.docker.compose.depends_on` is `db:service_healthy:false,…`. */
function serviceOf({ labels }: EngineContainer): ContainerState['service'] {
  const label = (name: string): string => labels[`com.docker.compose.${name}`] ?? '';
  const project = label('project');
  const on = label('depends_on').split(',').filter(Boolean);
  return {
    key: `${project}/${label('service')}`,
    on: on.map(entry => `${project}/${entry.split(':', 1)[0]}`),
  };
}

/** An engine lists a port once per family. */
function published({ ports }: EngineContainer): readonly string[] {
  return [...new Set(ports.filter(p => p.host !== 0).map(p => `${p.host}/${p.protocol}`))].sort();
}

function connections(
  item: EngineContainer,
  inventory: Inventory,
  topology: string,
): ContainerState['networks'] {
  const service = item.labels['com.docker.compose.service'] ?? '';
  const entries = Object.entries(item.networks).map(([name, endpoint]) => {
    const settings = item.settings?.networks[name];
    const { ours, ...found } = connection(name, endpoint, inventory, topology);
    const isNamed = settings?.aliases.includes(service) ?? false;
    return [name, { ...found, settings, ours: ours || isNamed }] as const;
  });
  return Object.fromEntries(entries);
}

/** A container that was never started has no network ids yet (seen on 20.10): there the name counts. */
function connection(
  name: string,
  endpoint: EngineEndpoint,
  inventory: Inventory,
  topology: string,
): Omit<ContainerConnection, 'settings'> {
  const id = endpoint.networkId;
  const network = inventory.networks.find(n => (id === '' ? n.name === name : n.id === id));
  const ours = network !== undefined && markOf(network.labels)?.topology === topology;
  const { ipv4, ipv6, mac } = endpoint;
  return { ipv4, ipv6, mac, ours, stale: network === undefined };
}

/** Modes that are no network that somebody made. */
const FIXED = /^(none|host|bridge|default|container:.*)$/;

function modeOf(
  { networkMode: name }: EngineContainer,
  { networks }: Inventory,
  { all }: Scope<ContainerSpec>,
): { readonly mode?: NetworkMode } {
  if (name === '') return {};
  if (FIXED.test(name)) return { mode: { name, isNetwork: false, goes: false } };
  const network = networks.find(n => n.name === name || n.id === name);
  const mark = network && markOf(network.labels);
  const isDropped = mark !== undefined && all !== undefined && !all.has(mark.id);
  return { mode: { name, isNetwork: true, goes: network === undefined || isDropped } };
}
