import { hostPairs, hostsOfLink } from '../compile/index.js';
import { DEFAULT_VLAN, portedSwitches, switchesOf, VDE_UNTAGGED } from '../core/index.js';
import type {
  HostName,
  Inventory,
  Link,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  SwitchEnd,
} from '../core/index.js';
import { endTitle } from './end-title.js';
import type { World } from './world.js';

/** An end of a wire as it stands: a port of a container, a switch on one host, or a device of a host. */
export interface Side {
  readonly end: ResolvedEnd;
  readonly host: HostName;
  /** What it is, for people, and what sides at the same place have in common: `shop/web:eth1`, `lan`, `tera:eth1`. */
  readonly title: string;
  readonly node: string;
  /** Of an end in a container: the path of its namespace, and the device. */
  readonly inside?: { readonly netns: string; readonly device: Link };
}

/** What frames go along from one place to another: a link of the file, or a segment's tunnel between two of its hosts. */
export interface Way {
  readonly nodes: readonly [string, string];
  /** Absent for a segment. */
  readonly link?: ResolvedLink;
}

/** All wires whose ends are there, and what frames go along. */
export interface Wiring {
  readonly wires: readonly Wire[];
  readonly ways: readonly Way[];
  /** By node: the ways from there, and what they lead to. */
  readonly leads: ReadonlyMap<string, readonly { readonly way: Way; readonly to: string }[]>;
}

/** A link of the file, as it stands. */
export interface Wire extends Way {
  readonly link: ResolvedLink;
  readonly sides: readonly [Side, Side];
}

/** What of a topology's links stands on the hosts, but for those that `isLeftOut`. */
export function wiringOf(
  resolved: Resolved,
  world: World,
  isLeftOut: (link: ResolvedLink) => boolean,
): Wiring {
  const wires = resolved.links.flatMap((link): readonly Wire[] => {
    const hosts = hostsOfLink(resolved, link);
    const [a, b] = link.ends.map((end, n) => sideOf(resolved, end, hosts[n]!, world));
    return a && b && !isLeftOut(link) ? [{ link, sides: [a, b], nodes: [a.node, b.node] }] : [];
  });
  const ways = [...wires, ...segmentWays(resolved)];
  return { wires, ways, leads: leadsOf(ways) };
}

function leadsOf(ways: readonly Way[]): Wiring['leads'] {
  const leads = new Map<string, { way: Way; to: string }[]>();
  const lead = (from: string, to: string, way: Way): void => {
    const known = leads.get(from);
    if (known) known.push({ way, to });
    else leads.set(from, [{ way, to }]);
  };
  for (const way of ways) {
    const [a, b] = way.nodes;
    lead(a, b, way);
    lead(b, a, way);
  }
  return leads;
}

function segmentWays(resolved: Resolved): readonly Way[] {
  const spread = switchesOf(resolved, 'vpp').map(({ name, hosts }) => ({
    name,
    hosts: hosts.map(h => h.host),
  }));
  return [...switchesOf(resolved, 'segment'), ...spread].flatMap(on =>
    hostPairs(on).map(([a, b]): Way => ({ nodes: [switchNode(on.name, a), switchNode(on.name, b)] })),
  );
}

/** A switch on one host, among the nodes. */
export function switchNode(name: string, host: HostName): string {
  return `switch ${name} on ${host}`;
}

/** A device of a host, among the nodes. */
export function deviceNode(host: HostName, device: string): string {
  return `device ${host}:${device}`;
}

/** The switch that a node is, whatever the VLAN. */
export function placeOf(node: string): string {
  return node.replace(/, VLAN \S*$/, '');
}

/** On a switch that knows VLANs, one without a tag joins only the ports that are in it; what has a tag goes nowhere here. */
function portNode(resolved: Resolved, end: SwitchEnd, host: HostName): string {
  const node = switchNode(end.switch, host);
  const on = portedSwitches(resolved).find(s => s.name === end.switch);
  const first =
    on?.kind === 'vde' ? VDE_UNTAGGED : on?.kind === 'bridge' && on.vlanFiltering ? DEFAULT_VLAN : undefined;
  if (first === undefined) return node;
  return `${node}, VLAN ${end.vlan ? (end.vlan.untagged ?? end.path.join('.')) : first}`;
}

function sideOf(resolved: Resolved, end: ResolvedEnd, host: HostName, world: World): Side | undefined {
  const inventory = world.views.get(host)?.inventory;
  if (!inventory) return undefined;
  const title = endTitle(end);
  if (end.is === 'switch') return { end, host, title, node: portNode(resolved, end, host) };
  if (end.is === 'device') return { end, host, title, node: deviceNode(host, end.device) };
  const inside = insideOf(inventory, end.container, end.device);
  return inside && { end, host, title, node: `port ${title}`, inside };
}

function insideOf({ containers, namespaces }: Inventory, name: string, device: string): Side['inside'] {
  const id = containers.find(c => c.name === name && c.state === 'running')?.id;
  const space = id === undefined ? undefined : namespaces.find(n => n.containers.includes(id));
  const link = space?.links.find(l => l.name === device);
  return space && link && { netns: space.path, device: link };
}

/**
 * The nodes that frames from one reach, nearest first, a container's ports being no way for others. `without`: as if that way were
 * not there.
 */
export function reachedFrom(start: string, { leads }: Wiring, without?: Way): readonly string[] {
  const seen = new Set([start]);
  for (const node of seen) {
    if (node !== start && node.startsWith('port ')) continue;
    for (const { way, to } of leads.get(node) ?? []) if (way !== without) seen.add(to);
  }
  return [...seen].slice(1);
}
