import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved, ResolvedVxlan, Resource } from '../core/index.js';
import { linkPathsToMeasure } from './crossings.js';
import { farUnderlays } from './far-underlay.js';
import { engineTable } from './firewall.js';
import { switchMtu } from './mtu.js';
import { pathsBetween, pathsToMeasure } from './paths.js';
import type { PathToMeasure } from './paths.js';
import { networksInReach } from './reach.js';
import { underlays } from './underlay.js';
import { compileVxlan } from './vxlan.js';

type Views = ReadonlyMap<HostName, HostView>;

/** What all switches give: their resources, and what the stacks on them have to know. */
export interface CompiledSwitches {
  readonly resources: readonly Resource[];
  /** Bytes, by switch name. */
  readonly mtuOf: ReadonlyMap<string, number>;
  /** By switch name: why its MTU is less than the hosts' devices leave, in words. */
  readonly mtuNotes: ReadonlyMap<string, string>;
  /** By switch name: what must stand on a host before a container on that switch may start there. */
  readonly readyOn: (host: HostName) => ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Every switch on the hosts it is on, with the tunnels and MTU that these hosts and the paths between them allow. */
export function compileSwitches(resolved: Resolved, views: Views): CompiledSwitches {
  const nftables = new Set([...views.values()].filter(engineTable).map(v => v.host));
  const made = switchesOf(resolved, 'vxlan').map(vxlan => compileSwitch(resolved, vxlan, views, nftables));
  return {
    resources: made.flatMap(m => m.resources),
    mtuOf: new Map(made.map(m => [m.name, m.mtu])),
    mtuNotes: new Map(made.flatMap(m => (m.note === undefined ? [] : [[m.name, m.note]]))),
    readyOn: host => new Map(made.map(m => [m.name, m.ready.get(host) ?? []])),
    diagnostics: made.flatMap(m => m.diagnostics),
  };
}

function compileSwitch(
  resolved: Resolved,
  vxlan: ResolvedVxlan,
  views: Views,
  nftables: ReadonlySet<HostName>,
) {
  const read = underlays(hostsOn(resolved, vxlan, views), views);
  const ends = new Map([...farUnderlays(resolved, vxlan, views), ...read.byHost]);
  const { mtu, note, diagnostics } = switchMtu(resolved, vxlan, ends, pathsBetween(read.byHost, views));
  const { resources, ready } = compileVxlan(resolved, vxlan, ends, nftables, mtu);
  return {
    name: vxlan.name,
    mtu,
    note,
    resources,
    ready,
    diagnostics: [...read.diagnostics, ...diagnostics],
  };
}

/** What is to be measured before it can be known what the paths between the hosts carry; sorted, each path once. Pure. */
export function unmeasuredPaths(resolved: Resolved, views: Views): readonly PathToMeasure[] {
  const paths = switchesOf(resolved, 'vxlan').flatMap(s =>
    pathsToMeasure(s, underlays(hostsOn(resolved, s, views), views).byHost, views),
  );
  const all = [...paths, ...linkPathsToMeasure(resolved, views)];
  const key = (p: PathToMeasure): string => `${p.host} ${p.from} ${p.to}`;
  return [...new Map(all.map(p => [key(p), p])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, p]) => p);
}

/** Where topo can't get at the networks is told once, and not what follows from it. */
function hostsOn(resolved: Resolved, { members }: ResolvedVxlan, views: Views): Resolved['hosts'] {
  const used = new Set(members.map(m => m.host));
  return resolved.hosts.filter(h => used.has(h.name) && networksInReach(views.get(h.name)));
}
