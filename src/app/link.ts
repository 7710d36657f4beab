import { compile } from '../compile/index.js';
import { EXIT, hasErrors } from '../core/index.js';
import type { Resolved, Resource } from '../core/index.js';
import type { Connections } from './connections.js';
import { digestsOf } from './digests.js';
import { execute } from './execute.js';
import { readKnown } from './known.js';
import { linkPlan, resetOf, settingOf, statusOf } from './link-decide.js';
import { chooseEnds, linkEnds } from './link-ends.js';
import type { LinkEnd } from './link-ends.js';
import { parseLinkSettings } from './link-settings.js';
import type { LinkEndStatus } from './link-types.js';
import { load } from './load.js';
import { NotReady } from './not-ready.js';
import { readMeasuredWorld } from './paths.js';
import { hostsRead, keyOf, plannedOf, sceneOf } from './plan.js';
import type { Scene } from './scene.js';
import { withConnections, withLock } from './session.js';
import type { Applied, Context } from './types.js';
import type { World } from './world.js';

/** Every end of every link that has a device of topo's, or the given ones: how it stands, and what the file says. Changes nothing. */
export async function linkShow(
  context: Context,
  targets: readonly string[],
): Promise<readonly LinkEndStatus[]> {
  return withEnds(context, false, ({ ends }) => Promise.resolve(chooseEnds(ends, targets).map(statusOf)));
}

/** Changes ends of links as they stand, and nothing else: to the file it is drift. Throws what can't be. */
export async function linkSet(context: Context, target: string, words: readonly string[]): Promise<Applied> {
  const settings = parseLinkSettings(words);
  return withEnds(context, true, look =>
    carryOut(look, settingOf(chooseEnds(look.ends, [target]), settings, look.world.views), context),
  );
}

/** Brings links back to what the file says: those of the given ends, or all. */
export async function linkReset(context: Context, targets: readonly string[]): Promise<Applied> {
  return withEnds(context, true, look => carryOut(look, resetOf(chooseEnds(look.ends, targets)), context));
}

/** The ends of a topology's links, on hosts as they were read. */
interface Look {
  readonly resolved: Resolved;
  readonly ends: readonly LinkEnd[];
  readonly world: World;
  readonly links: Connections;
}

async function withEnds<T>(context: Context, locked: boolean, use: (look: Look) => Promise<T>): Promise<T> {
  const { resolved, diagnostics } = await load(context);
  if (!resolved) throw new NotReady(diagnostics, EXIT.invalid);
  // What is set may need what the file does not.
  const declared = { ...sceneOf(resolved, await readKnown(context, resolved.name)), impaired: true };
  return withConnections(declared, context, links => {
    const run = async (scene: Scene): Promise<T> => {
      const world = await readMeasuredWorld(resolved, scene, links, context);
      if (hasErrors(world.diagnostics)) throw new NotReady(world.diagnostics, EXIT.failed);
      const compiled = compile(resolved, world.views, digestsOf(world, keyOf(world) ?? ''));
      if (hasErrors(compiled.diagnostics)) throw new NotReady(compiled.diagnostics, EXIT.failed);
      return use({ resolved, world, links, ends: linkEnds(resolved, compiled.resources, world) });
    };
    if (!locked) return run(declared);
    return withLock(declared, links, context, undefined, (scene, unreachable) => {
      if (unreachable.length > 0) throw new NotReady(unreachable, EXIT.failed);
      return run(scene);
    });
  });
}

async function carryOut(
  { resolved, world, links, ends }: Look,
  wanted: readonly Resource[],
  context: Context,
): Promise<Applied> {
  const made = linkPlan(resolved.name, wanted, ends);
  context.emit({ type: 'plan', actions: made.actions });
  const report = await execute({ plan: made, resources: [], world, links }, context);
  const decision = {
    diagnostics: [],
    resources: [],
    mtuOf: new Map<string, number>(),
    plan: made,
    exit: EXIT.done,
  };
  const planned = plannedOf({ diagnostics: [] }, decision, hostsRead(resolved, world), links.trips());
  return { planned, declined: false, report, proofs: [] };
}
