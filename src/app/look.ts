import { EXIT, hasErrors } from '../core/index.js';
import type { Resolved } from '../core/index.js';
import type { Connections } from './connections.js';
import { readKnown } from './known.js';
import { load } from './load.js';
import { NotReady } from './not-ready.js';
import { sceneOf } from './plan.js';
import { withConnections } from './session.js';
import type { Context } from './types.js';
import { readWorld } from './world.js';
import type { World } from './world.js';

/** A topology and its hosts as they are now. */
export interface Look {
  readonly resolved: Resolved;
  readonly world: World;
  readonly links: Connections;
}

/** Reads file and hosts for a verb that looks or steps inside, and closes the connections after it. Throws NotReady. */
export async function readResolvedWorld<T>(context: Context, use: (look: Look) => Promise<T>): Promise<T> {
  const { resolved, diagnostics } = await load(context);
  if (!resolved) throw new NotReady(diagnostics, EXIT.invalid);
  const scene = sceneOf(resolved, await readKnown(context, resolved.name));
  return withConnections(scene, context, async links => {
    const world = await readWorld(scene, links, context);
    if (hasErrors(world.diagnostics)) throw new NotReady(world.diagnostics, EXIT.failed);
    return use({ resolved, world, links });
  });
}
