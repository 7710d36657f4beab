import { deviceAlias, deviceName, resourceId } from '../core/index.js';
import type {
  Group,
  HostName,
  HostView,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  Resource,
} from '../core/index.js';
import type { PlugPlace, PlugSpec } from '../kinds/index.js';
import type { Crossings } from './crossings.js';
import { qdiscOf } from './qdisc.js';
import { makeResource } from './resource.js';
import type { Spans } from './spans.js';

/** What compiling a link takes from the rest. */
export interface WireSurroundings {
  readonly resolved: Resolved;
  readonly views: ReadonlyMap<HostName, HostView>;
  readonly spans: Spans;
  readonly crossings: Crossings;
}

/** An end of a link on its host, the n-th of the two. */
export interface Side<End extends ResolvedEnd = ResolvedEnd> {
  readonly link: ResolvedLink;
  readonly end: End;
  readonly host: HostName;
  readonly n: 0 | 1;
}

/** How an end of a link takes a wire. */
export interface Port {
  /** Where the wire's device stands. */
  readonly place: PlugPlace;
  /** What has to be made for that. */
  readonly before: readonly Resource[];
  /** What joins a device of the host to the switch that the end is: a wire's, or without one a device of the host's own. */
  readonly join: (device: string, wire?: Resource) => readonly Resource[];
  /** Of a switch that makes the device itself: a wire whose one device stands at the other end. */
  readonly wire?: (plug: PlugSpec) => readonly Resource[];
}

/** The device at one end; `seed` names that of the host, which has no name of the file's. */
export function plugOf(
  { link, end, host, n }: Side,
  place: PlugPlace,
  seed: string,
  { spans, views }: WireSurroundings,
): PlugSpec {
  const mtu = spans.mtuOf(link, n);
  const qdisc = end.impair && { qdisc: qdiscOf(end.impair, views.get(host), mtu) };
  if (end.is !== 'service')
    return { place, device: deviceName(seed), mtu, up: end.up, addresses: [], routes: [], ...qdisc };
  const { device, mac, addresses, routes, up } = end;
  return { place, device, mac, mtu, up, addresses, routes, ...qdisc };
}

/** The wire of a link on a host: one of a kind, or one end of it. */
export function makeWire<Spec extends { readonly topology: string; readonly alias: string }>(
  link: ResolvedLink,
  host: HostName,
  kind: string,
  { resolved }: WireSurroundings,
  spec: Omit<Spec, 'topology' | 'alias'>,
): Resource {
  const alias = deviceAlias(resolved.name, resourceId(host, kind, link.name));
  const at = { host, kind, name: link.name, group: groupOf(link) };
  return makeResource(resolved.name, at, { topology: resolved.name, alias, ...spec });
}

/** A link is told under its switch, else under the stack of its first container. */
export function groupOf({ ends }: ResolvedLink): Group {
  const on = ends.find(e => e.is === 'switch');
  if (on) return { is: 'switch', name: on.switch };
  const [first] = ends.flatMap(e => (e.is === 'service' ? [e.replica.split('/')[0]!] : []));
  if (first !== undefined) return { is: 'stack', name: first };
  return { is: 'host', name: ends.flatMap(e => (e.is === 'device' ? [e.host] : []))[0] ?? '' };
}
