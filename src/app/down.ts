import { EXIT, OPERATOR, TOPOLOGY_NAME, TopoError } from '../core/index.js';
import type { HostView, Plan, Report } from '../core/index.js';
import { canSimulate, type HostTarget } from '../hosts/index.js';
import type { Connections } from './connections.js';
import { decideDown } from './decide.js';
import type { Decision } from './decide.js';
import { execute, forgetOn } from './execute.js';
import { forgetKnown, readKnown } from './known.js';
import { load } from './load.js';
import { onHost } from './on-host.js';
import { resume } from './resume.js';
import type { Resumed } from './resume.js';
import { invalid, plannedOf, sceneOf } from './plan.js';
import type { Scene } from './scene.js';
import { asTarget, parseTarget } from './targets.js';
import { withConnections, withLock } from './session.js';
import type { Applied, Context, DownOptions } from './types.js';
import { bearsVolumes, readWorld } from './world.js';
import type { World } from './world.js';

/** Removes all that the topology made, everywhere it was made; without a file, what one of its hosts knows of it leads there. */
export async function down(context: Context, options: DownOptions): Promise<Applied> {
  const found =
    options.name === undefined
      ? await sceneOfFile(context, options)
      : await sceneOfName(context, options.name, options);
  if ('planned' in found) return found;
  return withConnections(found, context, links =>
    withLock(found, links, context, options.lockWait, async (scene, unreachable) => {
      if (unreachable.length === 0) return takeDown(scene, links, context, options);
      const planned = { diagnostics: unreachable, exit: EXIT.failed, hosts: 0, trips: links.trips() };
      return { planned, declined: false, proofs: [] };
    }),
  );
}

async function takeDown(
  scene: Scene,
  links: Connections,
  context: Context,
  options: DownOptions,
): Promise<Applied> {
  const volumes = options.volumes ?? false;
  const world = await readWorld(scene, links, context);
  const decision = decideDown(scene.topology, world, volumes);
  const planned = plannedOf({ diagnostics: [] }, decision, scene.targets.length, links.trips());
  if (!decision.plan) return { planned, declined: false, proofs: [] };
  const empty = decision.plan.actions.length === 0;
  if (!empty && options.confirm && !(await options.confirm(decision.plan)))
    return { planned, declined: true, proofs: [] };
  const look = async (): Promise<Look> => {
    const now = await readWorld(scene, links, context);
    return { world: now, decision: decideDown(scene.topology, now, volumes) };
  };
  const done = empty ? undefined : await remove({ world, decision }, look, links, context);
  const report = done?.wave.report;
  const said = { planned: { ...planned, plan: done?.wave.plan ?? decision.plan }, declined: false };
  if (report?.interrupted) return { ...said, report, proofs: [] };
  const left = done?.stopped ?? (await seen(await look(), scene, links, context));
  const remaining = plannedOf({ diagnostics: [] }, left, scene.targets.length, links.trips());
  return { ...said, ...(report ? { report } : {}), remaining, proofs: [] };
}

interface Look {
  readonly world: World;
  readonly decision: Decision;
}

/** Carries out, going on where a connection was lost in the middle. */
async function remove(
  { world, decision }: Look,
  look: () => Promise<Look>,
  links: Connections,
  context: Context,
): Promise<Resumed> {
  const plan = decision.plan!;
  const report = await carryOut(plan, world, links, context);
  return resume(
    { wave: { plan, report }, world, exact: false },
    { look, carryOut: (now, _, next) => carryOut(next, now, links, context) },
  );
}

/** What is left; where that is nothing, the topology is forgotten. */
async function seen(
  { world, decision }: Look,
  scene: Scene,
  links: Connections,
  context: Context,
): Promise<Decision> {
  if (decision.plan?.actions.length === 0) await forget(scene, world, links, context);
  return decision;
}

async function carryOut(plan: Plan, world: World, links: Connections, context: Context): Promise<Report> {
  context.emit({ type: 'plan', actions: plan.actions });
  return execute({ plan, resources: [], world, links }, context);
}

/** Hosts that keep a volume keep their record too: it is what a later `down -v` without the file finds them by. */
async function forget(scene: Scene, world: World, links: Connections, context: Context): Promise<void> {
  const views = [...world.views.values()].filter(v => v.host !== OPERATOR && !v.facts.computed);
  const leaving = views.filter(v => !bearsVolumes(v, scene.topology));
  await Promise.all(leaving.map(v => onHost(links, v.host, host => forgetOn(host, scene.topology))));
  if (leaving.length === views.length && world.skipped.length === 0)
    await forgetKnown(context, scene.topology);
}

async function sceneOfFile(context: Context, options: DownOptions): Promise<Scene | Applied> {
  const loaded = await load(context);
  if (!loaded.resolved) return { planned: invalid(loaded), declined: false, proofs: [] };
  const known = await readKnown(context, loaded.resolved.name);
  return sceneOf(loaded.resolved, known, options.skipUnreachable ?? false);
}

/** Without the file: the sandboxes of that topology on this machine, and the hosts that one host's record names. */
async function sceneOfName(
  context: Context,
  topology: string,
  { host, skipUnreachable }: DownOptions,
): Promise<Scene> {
  if (!TOPOLOGY_NAME.test(topology)) throw unknownTopology(topology, 'nobody');
  const entry = parseTarget(host ?? 'local');
  // Sandboxes are of this machine; another host's record names those that belong to it.
  const scene: Scene = { topology, targets: [entry], operator: entry.form.is === 'local' && canSimulate() };
  const targets = await withConnections(scene, context, async links => {
    const world = await readWorld(scene, links, context);
    const [failed] = world.diagnostics;
    if (failed)
      throw new TopoError(failed.summary, {
        code: failed.code,
        who: 'host',
        ...(failed.hint ? { hint: failed.hint } : {}),
      });
    return [
      ...recordedTargets(world.views.get(entry.name), entry, topology),
      ...sandboxTargets(world, topology),
    ];
  });
  if (targets.length === 0) throw unknownTopology(topology, host ?? 'this machine');
  return {
    topology,
    targets: [...new Map(targets.map(t => [t.name, t])).values()],
    operator: targets.some(t => t.sandbox !== undefined),
    unreachable: skipUnreachable ? 'skip' : 'offer',
  };
}

function recordedTargets(
  view: HostView | undefined,
  entry: HostTarget,
  topology: string,
): readonly HostTarget[] {
  const applied = view?.inventory.applied;
  if (!applied) return view?.facts.engineOnly && bearsAny(view, topology) ? [entry] : [];
  const peers = Object.values(applied.hosts).flatMap(recorded => asTarget(recorded) ?? []);
  return peers.length > 0 ? peers : [entry];
}

/** Where no record can be kept the engine's labels have to tell. */
function bearsAny({ inventory }: HostView, topology: string): boolean {
  const { containers, networks, volumes } = inventory;
  return [...containers, ...networks, ...volumes].some(x => x.labels['topo.name'] === topology);
}

function sandboxTargets(world: World, topology: string): readonly HostTarget[] {
  const sandboxes = world.views.get(OPERATOR)?.inventory.sandboxes ?? [];
  return sandboxes
    .filter(s => s.topology === topology)
    .map(s => ({
      name: s.name.slice(topology.length + 1),
      form: { is: 'sandbox' },
      acceptNewHostKey: false,
      sandbox: s.name,
    }));
}

function unknownTopology(topology: string, where: string): TopoError {
  return new TopoError(`${where} knows no topology named ${topology}`, {
    code: 'topology.unknown',
    who: 'user',
    hint: 'name a host that it was applied to with --host, or give the file with -f',
  });
}
