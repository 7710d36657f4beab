import { EXIT, OPERATOR, hasErrors, kindOf, resourceId, sortDiagnostics, specDigest } from '../core/index.js';
import type {
  Action,
  Applied,
  Diagnostic,
  HostName,
  Plan,
  Resolved,
  Resource,
  ResourceId,
  Stray,
} from '../core/index.js';
import { compile, withCandidates } from '../compile/index.js';
import type { Compiled } from '../compile/index.js';
import { kinds as registry } from '../kinds/index.js';
import { observe } from '../observe/index.js';
import { driftOf, plan } from '../plan/index.js';
import type { PlanInput } from '../plan/index.js';
import { digestsOf } from './digests.js';
import { focusOn } from './focus.js';
import type { Focus } from './types.js';
import { restartNotes } from './restarted.js';
import { skipWarnings, withSkipNotes } from './skipped.js';
import { bearsVolumes } from './world.js';
import type { World } from './world.js';

/** A decision and what it was made from. `plan` is there unless a diagnostic is an error. */
export interface Decision {
  readonly diagnostics: readonly Diagnostic[];
  readonly plan?: Plan;
  /** What would be to be done as well, had not only a part been asked for. */
  readonly leftOut?: readonly Action[];
  /** What is wanted and could be decided on. */
  readonly resources: readonly Resource[];
  /** What was put off because it follows from what this plan makes, in words; they are among the plan's notes. */
  readonly follows?: readonly string[];
  /** Hosts that were left out because they can't be reached. Absent: none. */
  readonly skipped?: readonly HostName[];
  /** Bytes, by switch. */
  readonly mtuOf: ReadonlyMap<string, number>;
  readonly exit: number;
}

/** Resolved topology + what was read → what is to be done. `key` is that of the keyed digests. Throws where `focus` names what is not there. Does nothing. */
export function decideUp(resolved: Resolved, read: World, key: string, focus: Focus = {}): Decision {
  const world = { ...read, views: withCandidates(resolved, read.views, read.adopt ?? false) };
  const wanted = wantedOf(resolved, world, key);
  const { diagnostics, resources, mtuOf, mtuNotes } = wanted;
  if (hasErrors(diagnostics)) return { ...wanted, exit: EXIT.failed };
  const { made } = planned(resolved.name, resources, world, { keep: keepVolumes });
  const halfUp = [...world.halfUp].map(
    h => `host ${h} is brought up first; what is on it is read after that`,
  );
  const { follows, later } = made;
  const settled = { resources: resources.filter(r => !later.has(r.id)), follows, mtuOf };
  const notes = [
    ...restartNotes(made.plan?.actions ?? [], resources),
    ...notesOn(made.plan, mtuNotes),
    ...halfUp,
    ...engineOnlyNotes(resolved, world),
    ...follows,
  ];
  const decision = { ...withNotes(made, diagnostics, notes, world, resolved), ...settled };
  return decision.plan ? { ...decision, ...focusOn(resolved, decision.plan, focus) } : decision;
}

/**
 * What left the state that was last applied. `known`: the hosts of earlier runs. A sandbox can't keep the record of itself; that it
 * was there is known from them.
 */
export function decideDrift(
  resolved: Resolved,
  world: World,
  key: string,
  known: ReadonlySet<HostName>,
): Decision {
  const wanted = wantedOf(resolved, world, key);
  const { diagnostics, resources, mtuOf } = wanted;
  if (hasErrors(diagnostics)) return { ...wanted, exit: EXIT.failed };
  const was = resources.filter(r => r.kind === 'sandbox' && known.has(r.group.name));
  const recorded = withRecord(world, resolved.name, was);
  const { made, input } = planned(resolved.name, resources, recorded, { keep: keepVolumes });
  const drifted = made.plan ? { ...made, plan: driftOf(input, made.plan) } : made;
  const notes = restartNotes(drifted.plan?.actions ?? [], resources);
  return { ...withNotes(drifted, diagnostics, notes, world, resolved), resources, mtuOf };
}

function wantedOf(
  resolved: Resolved,
  world: World,
  key: string,
): Pick<Decision, 'diagnostics' | 'resources' | 'mtuOf'> & Pick<Compiled, 'mtuNotes'> {
  const compiled = compile(resolved, world.views, digestsOf(world, key));
  const told = [...world.diagnostics, ...skipWarnings(world), ...compiled.diagnostics];
  const diagnostics = sortDiagnostics(told);
  const { mtuOf, mtuNotes } = compiled;
  if (hasErrors(diagnostics)) return { diagnostics, resources: [], mtuOf, mtuNotes };
  const resources = compiled.resources.filter(r => !world.halfUp.has(r.host));
  return { diagnostics, resources, mtuOf, mtuNotes };
}

/** Why a switch has the MTU it has is told where a device of it gets one. */
function notesOn(plan: Plan | undefined, mtuNotes: Compiled['mtuNotes']): readonly string[] {
  const devices = (plan?.actions ?? []).filter(a => a.kind === 'vxlan' && a.verb !== 'delete');
  const made = new Set(devices.map(a => a.group.name));
  return [...mtuNotes].flatMap(([name, note]) => (made.has(name) ? [note] : []));
}

/** The operator's machine as if it had a record of the given resources. */
function withRecord(world: World, topology: string, resources: readonly Resource[]): World {
  const operator = world.views.get(OPERATOR);
  if (!operator) return world;
  const specs = Object.fromEntries(resources.map(r => [r.id, specDigest(r)]));
  const applied: Applied = { format: 1, topology, specs, hosts: {}, key: '', bootId: '' };
  const view = { ...operator, inventory: { ...operator.inventory, applied } };
  return { ...world, views: new Map(world.views).set(OPERATOR, view) };
}

/** Whether all that a plan does follows from what was made before it. */
export function onlyFollows(plan: Plan): boolean {
  return plan.actions.every(action => kindOf(registry, action.kind).derived !== undefined);
}

/** Planning for nothing: all that bears the topology's mark goes, but named volumes only with `volumes`. */
export function decideDown(topology: string, world: World, volumes: boolean): Decision {
  const empty = { resources: [], mtuOf: new Map<string, number>() };
  if (hasErrors(world.diagnostics)) return { diagnostics: world.diagnostics, ...empty, exit: EXIT.failed };
  const keeping = volumes ? new Set<HostName>() : hostsWithVolumes(topology, world);
  const keep = (stray: Stray): string | undefined =>
    volumes ? undefined : (keepVolumes(stray) ?? keepSandbox(stray, world, keeping));
  const goneHosts = new Set([...world.sandboxes.keys()].filter(h => !keeping.has(h)));
  return {
    ...withNotes(planned(topology, [], world, { keep, goneHosts }).made, skipWarnings(world), [], world),
    ...empty,
  };
}

function planned(
  topology: string,
  resources: readonly Resource[],
  world: World,
  options: NonNullable<PlanInput['options']>,
): { readonly input: PlanInput; readonly made: ReturnType<typeof plan> } {
  const views = [...world.views.values()].filter(v => !world.halfUp.has(v.host));
  const seen = observe({ topology, resources, views, registry });
  const observed = { ...seen, strays: seen.strays.filter(stray => !isUncertain(stray, resources, world)) };
  const more = { ...options, hostResource: hostResources(world) };
  const input = { topology, resources, observed, views, registry, options: more };
  return { input, made: plan(input) };
}

/** What follows from all hosts is no stray for not being wanted while one of them is left out; where all goes, it goes. */
function isUncertain({ kind }: Stray, resources: readonly Resource[], { skipped }: World): boolean {
  return skipped.length > 0 && resources.length > 0 && kindOf(registry, kind).derived !== undefined;
}

function withNotes(
  made: ReturnType<typeof plan>,
  before: readonly Diagnostic[],
  notes: readonly string[],
  world: World,
  resolved?: Resolved,
): Pick<Decision, 'diagnostics' | 'plan' | 'exit' | 'skipped'> {
  const diagnostics = sortDiagnostics([...before, ...made.diagnostics]);
  if (!made.plan || hasErrors(diagnostics)) return { diagnostics, exit: EXIT.failed };
  const plan = { ...made.plan, notes: [...made.plan.notes, ...notes] };
  const skipped = world.skipped.flatMap(({ host }) => host ?? []);
  return {
    diagnostics,
    plan: withSkipNotes(plan, world, resolved),
    exit: EXIT.done,
    ...(skipped.length > 0 && { skipped }),
  };
}

function engineOnlyNotes(resolved: Resolved, world: World): readonly string[] {
  const used = new Set(resolved.stacks.map(s => s.host));
  const hosts = [...world.views.values()].filter(v => v.facts.engineOnly && used.has(v.host));
  return hosts.map(
    ({ host, facts }) =>
      `of host ${host} only the engine is reached (${facts.hostname}): no lock is held there and no record kept, and its stacks can't be on a switch`,
  );
}

function hostResources(world: World): ReadonlyMap<HostName, ResourceId> {
  return new Map([...world.sandboxes].map(([host, name]) => [host, resourceId(OPERATOR, 'sandbox', name)]));
}

/** Data is never removed by the way: a volume that left the file stays too, as with Compose. */
function keepVolumes(stray: Stray): string | undefined {
  return stray.kind === 'volume' ? 'named volumes are kept; `topo down -v` removes them' : undefined;
}

function keepSandbox(stray: Stray, world: World, keeping: ReadonlySet<HostName>): string | undefined {
  if (stray.kind !== 'sandbox') return undefined;
  const host = [...world.sandboxes].find(([, name]) => name === stray.name)?.[0];
  return host !== undefined && keeping.has(host)
    ? 'it holds named volumes; `topo down -v` removes both'
    : undefined;
}

function hostsWithVolumes(topology: string, world: World): ReadonlySet<HostName> {
  const kept = new Set(
    world.views
      .get(OPERATOR)
      ?.inventory.sandboxes.filter(s => s.kept)
      .map(s => s.name),
  );
  const unread = [...world.halfUp, ...world.skipped.flatMap(({ host }) => host ?? [])];
  return new Set([
    ...[...world.views.values()].filter(v => bearsVolumes(v, topology)).map(v => v.host),
    ...unread.filter(host => kept.has(world.sandboxes.get(host) ?? '')),
  ]);
}
