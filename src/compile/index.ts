import { hasErrors, sortDiagnostics } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Resolved,
  ResolvedNetwork,
  ResolvedSwitch,
  ResourceId,
  Resource,
} from '../core/index.js';
import { clashes } from './clashes.js';
import { farUnderlays } from './far-underlay.js';
import { closedFirewalls, engineTable, networkOptions } from './firewall.js';
import { forwardIpv6, ipv6Obstacles } from './ipv6.js';
import { switchMtu } from './mtu.js';
import { compileNames } from './names.js';
import { pathsBetween, pathsToMeasure } from './paths.js';
import type { PathToMeasure } from './paths.js';
import { missingPrograms } from './programs.js';
import { networksInReach, outOfReach } from './reach.js';
import { compileSandboxes } from './sandbox.js';
import { compileStack } from './stack.js';
import { underlays } from './underlay.js';
import { compileVxlan } from './vxlan.js';

export type { PathToMeasure } from './paths.js';

/** A keyed digest of a value that must not be seen on a host. */
type DigestOn = (value: string, host: HostName) => string;

/** Everything that should exist, and where each host that is itself a resource stands. */
export interface Compiled {
  readonly resources: readonly Resource[];
  readonly hostResource: ReadonlyMap<HostName, ResourceId>;
  /** Bytes, by switch name: what a proof must get through. */
  readonly mtuOf: ReadonlyMap<string, number>;
  /** By switch name: why its MTU is less than the hosts' devices leave, in words. */
  readonly mtuNotes: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Resolved topology + what the hosts are → the resources that should exist, fully decided: underlay addresses, MTUs
 * and rules are chosen here. Pure; must not know what of it exists already.
 */
export function compile(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
  digest: DigestOn,
): Compiled {
  const sandboxes = compileSandboxes(resolved, views);
  const tunnels = new Map(
    resolved.switches.map(s => [s.name, underlays(hostsOn(resolved, s, views), views)]),
  );
  const nftables = new Set([...views.values()].filter(engineTable).map(v => v.host));
  const ends = new Map(
    resolved.switches.map(s => {
      const { byHost } = tunnels.get(s.name)!;
      return [s.name, { read: byHost, all: new Map([...farUnderlays(resolved, s, views), ...byHost]) }];
    }),
  );
  const mtus = new Map(
    resolved.switches.map(s => {
      const { read, all } = ends.get(s.name)!;
      return [s.name, switchMtu(resolved, s, all, pathsBetween(read, views))];
    }),
  );
  const mtuOf = new Map([...mtus].map(([name, { mtu }]) => [name, mtu]));
  const switches = new Map(
    resolved.switches.map(s => [
      s.name,
      compileVxlan(resolved, s, ends.get(s.name)!.all, nftables, mtuOf.get(s.name)!),
    ]),
  );
  const unread = new Set(resolved.hosts.map(h => h.name).filter(name => !views.has(name)));
  const forwarding = forwardIpv6(resolved, views);
  const stacks = resolved.stacks
    .filter(stack => views.has(stack.host))
    .flatMap(stack => {
      const readyOf = new Map([...switches].map(([name, s]) => [name, s.ready.get(stack.host) ?? []]));
      const hidden = (value: string): string => digest(value, stack.host);
      const optionsOf = (network: ResolvedNetwork): Readonly<Record<string, string>> =>
        networkOptions(resolved, views.get(stack.host), network);
      return compileStack(stack, { resolved, mtuOf, readyOf, optionsOf, digest: hidden });
    });
  const diagnostics = sortDiagnostics([
    ...[...tunnels.values()].flatMap(t => t.diagnostics),
    ...[...mtus.values()].flatMap(m => m.diagnostics),
    ...outOfReach(resolved, views),
    ...missingPrograms(resolved, views),
    ...ipv6Obstacles(resolved, views, mtuOf),
    ...engines(resolved, views),
    ...closedFirewalls(resolved, views),
    ...clashes(resolved, views),
  ]);
  const resources = [
    ...sandboxes.resources,
    ...forwarding,
    ...[...switches.values()].flatMap(s => s.resources),
    ...stacks,
    ...compileNames(resolved, views),
  ].filter(r => !unread.has(r.host));
  return {
    resources: hasErrors(diagnostics) ? [] : unique(resources),
    hostResource: sandboxes.hostResource,
    mtuOf,
    mtuNotes: new Map([...mtus].flatMap(([name, { note }]) => (note === undefined ? [] : [[name, note]]))),
    diagnostics,
  };
}

/** What is to be measured before {@link compile} can know what the paths between the hosts carry; sorted, each path once. Pure. */
export function unmeasuredPaths(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly PathToMeasure[] {
  const paths = resolved.switches.flatMap(s =>
    pathsToMeasure(s, underlays(hostsOn(resolved, s, views), views).byHost, views),
  );
  const key = (p: PathToMeasure): string => `${p.host} ${p.from} ${p.to}`;
  return [...new Map(paths.map(p => [key(p), p])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, p]) => p);
}

/** Images and sysctls are shared by what needs them: the same id is the same thing. */
function unique(resources: readonly Resource[]): readonly Resource[] {
  return [...new Map(resources.map(r => [r.id, r])).values()];
}

/** Where topo can't get at the networks is told once, and not what follows from it. */
function hostsOn(
  resolved: Resolved,
  { members }: ResolvedSwitch,
  views: ReadonlyMap<HostName, HostView>,
): Resolved['hosts'] {
  const used = new Set(members.map(m => m.host));
  return resolved.hosts.filter(h => used.has(h.name) && networksInReach(views.get(h.name)));
}

function engines(resolved: Resolved, views: ReadonlyMap<HostName, HostView>): readonly Diagnostic[] {
  const used = new Set(resolved.stacks.map(s => s.host));
  return [...views.values()].flatMap(({ host, facts }): Diagnostic[] => {
    if (!used.has(host) || facts.engine.is === 'running') return [];
    return [
      {
        severity: 'error',
        code: 'engine.missing',
        host,
        summary: facts.engine.why,
        hint: facts.engine.hint,
      },
    ];
  });
}
