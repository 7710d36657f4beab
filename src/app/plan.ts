import { EXIT } from '../core/index.js';
import type { HostName, Resolved } from '../core/index.js';
import { decideDrift, decideUp } from './decide.js';
import type { Decision } from './decide.js';
import { readKnown } from './known.js';
import type { KnownHosts } from './known.js';
import { load } from './load.js';
import { readMeasuredWorld } from './paths.js';
import { standInKey, writePlanFile } from './plan-file.js';
import type { Scene } from './scene.js';
import { withConnections } from './session.js';
import { leavingTargets, needsOperator, targetsOf, withKnown } from './targets.js';
import type { Context, Loaded, PlanOptions, Planned } from './types.js';
import type { World } from './world.js';

/** What would `up` do? Reads the file and the hosts; takes no lock and changes nothing. */
export async function plan(context: Context, options: PlanOptions = {}): Promise<Planned> {
  const loaded = await load(context);
  if (!loaded.resolved) return invalid(loaded);
  const { resolved } = loaded;
  const known = await readKnown(context, resolved.name);
  const scene = adopting(sceneOf(resolved, known, options.skipUnreachable ?? false), resolved, options.adopt);
  return withConnections(scene, context, async links => {
    const world = await readMeasuredWorld(resolved, scene, links, context);
    const salt = context.random(16);
    const key =
      keyOf(world) ?? (options.out === undefined ? context.random(32) : await standInKey(resolved, salt));
    const decision = options.drift
      ? decideDrift(resolved, world, key, new Set(Object.keys(known)))
      : decideUp(resolved, world, key, options.focus);
    if (options.out !== undefined && decision.plan) {
      const { file = '', overrides = [] } = context;
      const { focus = {}, adopt = false } = options;
      const origin = { file, overrides, focus, ...(adopt && { adopt }), salt };
      await writePlanFile(options.out, decision.plan, key, origin);
    }
    return plannedOf(loaded, decision, hostsRead(resolved, world), links.trips());
  });
}

/**
 * The hosts that matter to a topology: the declared ones and those that earlier runs used. `skip`: whether those that can't be
 * reached are left out; undefined where that can't be asked for.
 */
export function sceneOf(resolved: Resolved, known: KnownHosts, skip?: boolean): Scene {
  const declared = targetsOf(resolved);
  const places = resolved.hosts.flatMap(({ name }) => {
    const place = resolved.locate(['hosts', name], 'key');
    return place ? [[name, place] as const] : [];
  });
  return {
    places: new Map(places),
    ...(skip === undefined ? {} : { unreachable: skip ? 'skip' : 'offer' }),
    topology: resolved.name,
    targets: [...declared.map(t => withKnown(t, known)), ...leavingTargets(known, declared)],
    operator: needsOperator(declared, known),
    ...(resolved.links.length > 0 && { inside: true }),
    impaired: isImpaired(resolved),
  };
}

/** Whether the file impairs anything. */
export function isImpaired({ links }: Resolved): boolean {
  return links.some(({ ends }) => ends.some(end => end.impair));
}

/** A scene in which what docker compose made for the topology's projects is to be taken over, where that is asked for. */
export function adopting(scene: Scene, { stacks }: Resolved, asked: boolean | undefined): Scene {
  return asked ? { ...scene, adopt: [...new Set(stacks.map(s => s.project))] } : scene;
}

/** How many of the file's hosts were not left out. */
export function hostsRead(resolved: Resolved, { skipped }: Pick<World, 'skipped'>): number {
  return resolved.hosts.filter(({ name }) => !skipped.some(s => s.host === name)).length;
}

/** The random key of the topology's keyed digests, which every host keeps. */
export function keyOf(world: World): string | undefined {
  return [...world.views.values()].map(v => v.inventory.applied?.key).find(k => k !== undefined && k !== '');
}

/** A file that can't be planned for, as the plan's answer. */
export function invalid(loaded: Loaded): Planned {
  return { diagnostics: loaded.diagnostics, exit: EXIT.invalid, hosts: 0, trips: {} };
}

/** What commands see of a decision. */
export function plannedOf(
  loaded: Pick<Loaded, 'diagnostics'>,
  decision: Decision,
  hosts: number,
  trips: Readonly<Record<HostName, { exec: number; engine: number }>>,
): Planned {
  const { plan: made, exit, skipped } = decision;
  const diagnostics = [...loaded.diagnostics, ...decision.diagnostics];
  return {
    diagnostics,
    ...(made ? { plan: made } : {}),
    exit,
    hosts,
    trips,
    ...(skipped ? { skipped } : {}),
  };
}
