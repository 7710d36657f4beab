import type { Diagnostic, HostName, HostView, Resolved, ResolvedSegment } from '../core/index.js';
import { switchesOf, vxlanOverhead } from '../core/index.js';
import { hostsOfLink } from './link-hosts.js';
import { pathsBetween } from './paths.js';
import type { Path, PathToMeasure } from './paths.js';
import { networksInReach } from './reach.js';
import { underlays } from './underlay.js';
import type { Underlay } from './underlay.js';

type Views = ReadonlyMap<HostName, HostView>;

/** What lies between two hosts that a link crosses. */
export interface Crossing {
  readonly underlayOf: ReadonlyMap<HostName, Underlay>;
  /** Bytes that are left for a frame's payload, by the narrower direction; undefined where a host was not read. */
  readonly carries: number | undefined;
  readonly narrowest: Path | undefined;
}

export interface Crossings {
  readonly between: (a: HostName, b: HostName) => Crossing;
  readonly diagnostics: readonly Diagnostic[];
}

/** The underlays and paths between all pairs of hosts that a link crosses or a segment joins, each pair looked at once. */
export function crossingsOf(resolved: Resolved, views: Views): Crossings {
  const all = new Map(
    pairsOf(resolved).map(pair => [keyOf(...pair), crossing(resolved, views, pair)] as const),
  );
  const none: Crossing = { underlayOf: new Map(), carries: undefined, narrowest: undefined };
  const told = new Map([...all.values()].flatMap(c => c.diagnostics.map(d => [d.summary, d] as const)));
  return { between: (a, b) => all.get(keyOf(a, b)) ?? none, diagnostics: [...told.values()] };
}

/** The paths under links and segments that nobody has measured yet, or not since the ends let other sizes through. */
export function linkPathsToMeasure(resolved: Resolved, views: Views): readonly PathToMeasure[] {
  const isThere = (host: HostName): boolean => views.get(host)?.facts.computed !== true;
  return pairsOf(resolved).flatMap(pair => {
    const hosts = hostsOf(resolved, views, pair);
    return pathsBetween(underlays(hosts, views).byHost, views)
      .filter(path => isThere(path.host) && isThere(path.peer) && !path.found)
      .map(({ host, from, to, most }) => ({ host, from, to, bytes: most }));
  });
}

function crossing(
  resolved: Resolved,
  views: Views,
  pair: readonly [HostName, HostName],
): Crossing & { readonly diagnostics: readonly Diagnostic[] } {
  const hosts = hostsOf(resolved, views, pair);
  const { byHost, diagnostics } = underlays(hosts, views);
  const narrowest = pathsBetween(byHost, views).reduce<Path | undefined>(
    (a, b) => (a && a.carries <= b.carries ? a : b),
    undefined,
  );
  const overhead = vxlanOverhead([...byHost.values()][0]?.family ?? 4);
  return { underlayOf: byHost, narrowest, carries: narrowest && narrowest.carries - overhead, diagnostics };
}

/** Where topo can't get at the networks is told once, and not what follows from it. */
function hostsOf(resolved: Resolved, views: Views, pair: readonly HostName[]): Resolved['hosts'] {
  return resolved.hosts.filter(h => pair.includes(h.name) && networksInReach(views.get(h.name)));
}

function pairsOf(resolved: Resolved): readonly (readonly [HostName, HostName])[] {
  const crossed = resolved.links.map(link => hostsOfLink(resolved, link)).filter(([a, b]) => a !== b);
  const pairs = [...crossed, ...switchesOf(resolved, 'segment').flatMap(hostPairs)];
  return [...new Map(pairs.map(pair => [keyOf(...pair), pair])).values()];
}

/** Any two hosts of a segment: each sends to each. */
export function hostPairs({
  hosts,
}: Pick<ResolvedSegment, 'hosts'>): readonly (readonly [HostName, HostName])[] {
  return hosts.flatMap((a, i) => hosts.slice(i + 1).map(b => [a, b] as const));
}

function keyOf(a: HostName, b: HostName): string {
  return [a, b].sort().join(' ');
}
