import { EXIT, hasErrors } from '../core/index.js';
import type { Diagnostic, HostName, Plan, Report, Resolved } from '../core/index.js';
import type { Connections } from './connections.js';
import { decideUp, onlyFollows } from './decide.js';
import type { Decision } from './decide.js';
import { execute, forgetOn } from './execute.js';
import { knownOf, readKnown, writeKnown } from './known.js';
import { load } from './load.js';
import { onHost } from './on-host.js';
import { readMeasuredWorld, rememberPaths } from './paths.js';
import { adopting, hostsRead, invalid, keyOf, plannedOf, sceneOf } from './plan.js';
import { movedSince, readPlanFile, standInKey } from './plan-file.js';
import type { PlanFile } from './plan-file.js';
import { prove } from './prove.js';
import { resume } from './resume.js';
import type { Resumed } from './resume.js';
import type { Scene } from './scene.js';
import { withConnections, withLock } from './session.js';
import { targetsOf } from './targets.js';
import type { Applied, Context, Loaded, Planned, UpOptions } from './types.js';
import { joined, numberedAfter } from './waves.js';
import type { Wave } from './waves.js';
import { bearsVolumes } from './world.js';
import type { World } from './world.js';

/** Makes it so on every host, reads the hosts again, and proves what was made. */
export async function up(given: Context, asked: UpOptions): Promise<Applied> {
  const saved = asked.planFile === undefined ? undefined : await readPlanFile(asked.planFile);
  const context = saved && given.file === undefined ? { ...given, ...filesOf(saved) } : given;
  const options = saved ? { ...asked, focus: saved.focus, adopt: saved.adopt ?? false } : asked;
  const loaded = await load(context);
  if (!loaded.resolved) return { planned: invalid(loaded), declined: false, proofs: [] };
  const { resolved } = loaded;
  const known = await readKnown(context, resolved.name);
  const declared = adopting(
    sceneOf(resolved, known, options.skipUnreachable ?? false),
    resolved,
    options.adopt,
  );
  return withConnections(declared, context, links =>
    withLock(declared, links, context, options.lockWait, async (scene, unreachable) => {
      const run: Run = { context, options, saved, loaded, resolved, scene, links };
      if (unreachable.length === 0) return converge(run, context.random(32));
      const refused: Decision = {
        diagnostics: unreachable,
        resources: [],
        mtuOf: new Map(),
        exit: EXIT.failed,
      };
      return { planned: answer(run, refused, { skipped: [] }), declined: false, proofs: [] };
    }),
  );
}

function filesOf({ file, overrides = [] }: PlanFile): Pick<Context, 'file' | 'overrides'> {
  return { file, overrides };
}

interface Run {
  readonly context: Context;
  readonly options: UpOptions;
  readonly saved: PlanFile | undefined;
  readonly loaded: Loaded;
  readonly resolved: Resolved;
  readonly scene: Scene;
  readonly links: Connections;
}

async function converge(run: Run, freshKey: string): Promise<Applied> {
  const { context, options } = run;
  const world = await readMeasuredWorld(run.resolved, run.scene, run.links, context);
  const key = keyOf(world) ?? freshKey;
  const decision = decideUp(run.resolved, world, key, options.focus);
  const planned = answer(run, decision, world);
  if (!decision.plan || hasErrors(planned.diagnostics)) return { planned, declined: false, proofs: [] };
  const moved = await movedFrom(run, world, decision.plan);
  if (moved.length > 0) {
    const { plan: _, ...refused } = decision;
    const planned = answer(run, { ...refused, diagnostics: moved, exit: EXIT.failed }, world);
    return { planned, declined: false, proofs: [] };
  }
  if (decision.plan.actions.length === 0) {
    await settle(run, world, decision);
    const settled = answer(run, decision, world);
    return { planned: settled, declined: false, proofs: [], remaining: settled };
  }
  if (options.confirm && !(await options.confirm(decision.plan)))
    return { planned, declined: true, proofs: [] };
  const report = await carryOut(run, world, decision, decision.plan, key);
  const first = await resumed(run, world, { plan: decision.plan, report }, key);
  // What is on a sandbox that was only half there is read once it is repaired: one more turn.
  if (isClean(first.wave.report) && world.halfUp.size > 0 && !run.saved) return converge(run, key);
  const followed = await follow(run, first.wave, decision.follows ?? [], key);
  const last = first.stopped ? first : await resumed(run, world, followed, key);
  return conclude(run, planned, { ...followed, ...last.wave }, last.stopped, key);
}

/** Looks whether all is as it should be, unless there is nothing to look at any more, or nobody who waits for it. */
async function conclude(
  run: Run,
  planned: Planned,
  all: Settled,
  stopped: Decision | undefined,
  key: string,
): Promise<Applied> {
  const { report } = all;
  const done = { planned: { ...planned, plan: all.plan }, declined: false, report };
  if (stopped) return { ...done, remaining: answer(run, stopped, { skipped: [] }), proofs: [] };
  // Who interrupts wants to hear what was done, not to wait for another reading.
  if (run.options.verify === false || report.interrupted) return { ...done, proofs: [] };
  return { ...done, ...(await verify(run, all, key)) };
}

/** A wave of steps, and the hosts as they were read after it, if they were. */
interface Settled extends Wave {
  readonly seen?: Seen;
}

interface Seen {
  readonly world: World;
  readonly decision: Decision;
}

const MOST_WAVES = 3;

/** What follows from what was just made (addresses, once containers run) is carried out at once, so that one `up` is enough. */
async function follow(run: Run, first: Wave, told: readonly string[], key: string): Promise<Settled> {
  if (told.length === 0) return first;
  let all: Wave = first;
  for (let wave = 2; wave <= MOST_WAVES && isClean(all.report); wave++) {
    const seen = await look(run, key);
    const { plan } = seen.decision;
    if (!plan || plan.actions.length === 0 || !onlyFollows(plan)) return { ...all, seen };
    const next = numberedAfter(plan, all.plan);
    const report = await carryOut(run, seen.world, seen.decision, next, key);
    all = joined(all, { plan: next, report }, told);
  }
  return all;
}

async function look({ context, options, resolved, scene, links }: Run, key: string): Promise<Seen> {
  context.emit({ type: 'phase', phase: 'verify', text: 'reading the hosts again' });
  const world = await readMeasuredWorld(resolved, scene, links, context);
  return { world, decision: decideUp(resolved, world, key, options.focus) };
}

function isClean(report: Report): boolean {
  return report.failed === 0 && !report.interrupted;
}

/** Goes on where a connection was lost in the middle. */
function resumed(run: Run, world: World, wave: Wave, key: string): Promise<Resumed> {
  return resume(
    { wave, world, exact: run.saved !== undefined },
    {
      look: () => look(run, key),
      carryOut: (now, decision, plan, also) => carryOut(run, now, decision, plan, key, also),
    },
  );
}

/** What moved since the plan file was written. The key stands in for the random one there, so it does here; else it is the hosts'. */
async function movedFrom(
  { saved, options, resolved }: Run,
  world: World,
  plan: Plan,
): Promise<readonly Diagnostic[]> {
  if (!saved) return [];
  const key = keyOf(world);
  if (key !== undefined) return movedSince(options.planFile!, saved, plan, key, false);
  const standIn = await standInKey(resolved, saved.salt);
  const again = decideUp(resolved, world, standIn, options.focus);
  return movedSince(options.planFile!, saved, again.plan ?? plan, standIn, true);
}

async function carryOut(
  run: Run,
  world: World,
  decision: Decision,
  plan: Plan,
  key: string,
  also: readonly HostName[] = [],
): Promise<Report> {
  const { context, links, resolved, scene } = run;
  await writeKnown(context, resolved.name, knownOf(remembered(scene)));
  context.emit({ type: 'plan', actions: plan.actions });
  const record = { topology: resolved.name, key, hosts: targetsOf(resolved) };
  const { resources, leftOut = [] } = decision;
  return execute({ plan, resources, leftOut, world, links, record, also }, context);
}

/** After the last step the hosts are read again: what is still to be done is told, and what was made is proven. */
async function verify(
  run: Run,
  { plan, report, seen }: Settled,
  key: string,
): Promise<Pick<Applied, 'remaining' | 'proofs'>> {
  const { context, resolved, links } = run;
  const { world, decision } = seen ?? (await look(run, key));
  if (decision.plan) await settle(run, world, decision);
  const { mtuOf, resources, leftOut = [] } = decision;
  const unfinished = [...leftOut, ...(decision.plan?.actions ?? [])];
  const evidence = { resolved, plan, unfinished, resources, world, links, mtuOf };
  const proofs = isClean(report) ? await prove(evidence, context) : [];
  return { remaining: answer(run, decision, world), proofs };
}

/** What is done once a reading gave a plan: what was measured for it is written down where there is a record, and hosts that left are forgotten. */
async function settle(run: Run, world: World, decision: Decision): Promise<void> {
  const recorded = [...world.views.values()].filter(v => v.inventory.applied).map(v => v.host);
  await rememberPaths(run.resolved.name, world, recorded, run.links, run.context);
  await forgetLeft(run, world, decision);
}

/** A host that left the file and bears nothing of the topology any more is forgotten, there and here. */
async function forgetLeft(run: Run, world: World, { plan, leftOut }: Decision): Promise<void> {
  const { context, resolved, scene, links } = run;
  const undone = [...(plan?.actions ?? []), ...(leftOut ?? [])];
  const skipped = world.skipped.flatMap(({ host }) => host ?? []);
  const stays = new Set([...resolved.hosts.map(h => h.name), ...undone.map(a => a.host), ...skipped]);
  const left = scene.targets.filter(
    t => !stays.has(t.name) && !bearsVolumes(world.views.get(t.name), resolved.name),
  );
  if (left.length === 0) return;
  await Promise.all(left.map(t => onHost(links, t.name, host => forgetOn(host, resolved.name))));
  await writeKnown(context, resolved.name, knownOf(remembered(scene).filter(t => !left.includes(t))));
}

function remembered({ targets, skipped = [] }: Scene): Scene['targets'] {
  return [...targets, ...skipped.map(s => s.target)];
}

function answer(run: Run, decision: Decision, world: Pick<World, 'skipped'>): Planned {
  return plannedOf(run.loaded, decision, hostsRead(run.resolved, world), run.links.trips());
}
