import { hasErrors, sortDiagnostics } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved, Resource } from '../core/index.js';
import { clashes } from './clashes.js';
import { engineTooOld, takesMacs } from './engine-features.js';
import { closedFirewalls, networkOptions } from './firewall.js';
import { holdersWithoutProgram } from './holder.js';
import { hooksOutOfReach } from './hooks.js';
import { forwardIpv6, ipv6Obstacles } from './ipv6.js';
import { limitsOutOfReach, withHeldLimits } from './limits.js';
import { compileLinks } from './links.js';
import type { CompiledLinks } from './links.js';
import { compileNames } from './names.js';
import { missingPrograms } from './programs.js';
import { outOfReach } from './reach.js';
import { compileSandboxes } from './sandbox.js';
import { unplaceableFiles } from './service-files.js';
import { compileStack } from './stack.js';
import { compileSwitches } from './switches.js';
import type { CompiledSwitches } from './switches.js';

export { withCandidates } from './adopt.js';
export { imagesToAsk } from './images.js';
export type { PathToMeasure } from './paths.js';
export { hostPairs } from './crossings.js';
export { missingQueue } from './impairment.js';
export { hostsOfLink } from './link-hosts.js';
export { speaksNetmap } from './netmap.js';
export { qdiscOf } from './qdisc.js';
export { unmeasuredPaths } from './switches.js';
export { vdeSockets } from './vde.js';

/** A keyed digest of a value that must not be seen on a host. */
type DigestOn = (value: string, host: HostName) => string;

/** Everything that should exist. */
export interface Compiled {
  readonly resources: readonly Resource[];
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
  const switches = compileSwitches(resolved, views);
  const links = compileLinks(resolved, views);
  const { mtuNotes } = switches;
  const mtuOf = new Map([...switches.mtuOf, ...links.mtuOf]);
  const unread = new Set(resolved.hosts.map(h => h.name).filter(name => !views.has(name)));
  const diagnostics = sortDiagnostics([
    ...switches.diagnostics,
    ...links.diagnostics,
    ...outOfReach(resolved, views),
    ...hooksOutOfReach(resolved, views),
    ...holdersWithoutProgram(resolved, views),
    ...missingPrograms(resolved, views),
    ...ipv6Obstacles(resolved, views, mtuOf),
    ...engines(resolved, views),
    ...engineTooOld(resolved, views),
    ...limitsOutOfReach(resolved, views),
    ...unplaceableFiles(resolved, new Set(views.keys())),
    ...closedFirewalls(resolved, views),
    ...clashes(resolved, views),
  ]);
  const resources = [
    ...compileSandboxes(resolved, views),
    ...forwardIpv6(resolved, views),
    ...switches.resources,
    ...stacks(resolved, views, { ...joint(switches, links), mtuOf }, digest),
    ...links.resources,
    ...compileNames(resolved, views),
  ].filter(r => !unread.has(r.host));
  return {
    resources: hasErrors(diagnostics) ? [] : unique(resources),
    mtuOf,
    mtuNotes,
    diagnostics,
  };
}

/** What stacks have to know of switches, of whatever kind, and of links. */
type StackLinks = Pick<CompiledLinks, 'mtuOf' | 'readyOn' | 'pluggedIn' | 'devicesIn' | 'sharedBy'>;

function joint(switches: CompiledSwitches, links: CompiledLinks): StackLinks {
  return { ...links, readyOn: host => new Map([...switches.readyOn(host), ...links.readyOn(host)]) };
}

function stacks(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
  { mtuOf, readyOn, pluggedIn, devicesIn, sharedBy }: StackLinks,
  digest: DigestOn,
): readonly Resource[] {
  return resolved.stacks
    .filter(stack => views.has(stack.host))
    .flatMap(stack =>
      compileStack(withHeldLimits(stack, views.get(stack.host)), {
        resolved,
        mtuOf,
        readyOf: readyOn(stack.host),
        pluggedIn,
        devicesIn,
        sharedBy,
        vpp: versionOfVpp(views.get(stack.host)),
        takesMacs: takesMacs(views.get(stack.host)),
        optionsOf: network => networkOptions(resolved, views.get(stack.host), network),
        digest: value => digest(value, stack.host),
      }),
    );
}

function versionOfVpp(view: HostView | undefined): string | undefined {
  const vpp = view?.facts.vpp;
  return vpp?.is === 'running' ? vpp.version.replace(/^v/, '') : undefined;
}

/** Images and sysctls are shared by what needs them: the same id is the same thing. Throws where it is not: one would be left out. */
function unique(resources: readonly Resource[]): readonly Resource[] {
  const byId = new Map(resources.map(r => [r.id, r]));
  const other = resources.find(r => {
    const last = byId.get(r.id)!;
    return last !== r && JSON.stringify(last.spec) !== JSON.stringify(r.spec);
  });
  if (other) throw new Error(`two resources have the id ${other.id}`);
  return [...byId.values()];
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
