import { hasErrors, messageOf } from '../core/index.js';
import type { HostName, HostView, PathMtu, Resolved } from '../core/index.js';
import { unmeasuredPaths } from '../compile/index.js';
import type { PathToMeasure } from '../compile/index.js';
import { measurePaths, pathRecord } from '../facts/index.js';
import { attempt } from './connections.js';
import type { Connections } from './connections.js';
import type { Context } from './types.js';
import { withNewestImages } from './newest.js';
import { onHost } from './on-host.js';
import { readWorld } from './world.js';
import type { World } from './world.js';
import { writeRecord } from './record.js';
import type { Scene } from './scene.js';

/**
 * Reads all hosts, asks registries where the file wants that, and measures what the paths between them carry where that has to be known and is not: one command more, on
 * those hosts only. What was found is kept on the hosts, in the record, until something of it changes: a smaller MTU that a
 * device has might as well be drift, and a ping on every run would make an `up` that has nothing to do wait for silent routers.
 */
export async function readMeasuredWorld(
  resolved: Resolved,
  scene: Scene,
  links: Connections,
  context: Context,
): Promise<World> {
  const read = await readWorld(scene, links, context);
  const world = await withNewestImages(read, resolved, scene, links, context);
  const wanted = hasErrors(world.diagnostics) ? [] : unmeasuredPaths(resolved, world.views);
  if (wanted.length === 0) return world;
  const text = `measuring ${wanted.length} paths between hosts`;
  context.emit({ type: 'phase', phase: 'measure', text });
  const hosts = [...new Set(wanted.map(w => w.host))];
  const results = await Promise.all(
    hosts.map(name => attempt(scene, name, () => measureFrom(name, wanted, links, context))),
  );
  const found = new Map(results.flatMap(r => ('value' in r ? [r.value] : [])));
  return {
    ...world,
    views: new Map([...world.views].map(([name, view]) => [name, withPaths(view, found.get(name))])),
    diagnostics: [...world.diagnostics, ...results.flatMap(r => ('failed' in r ? [r.failed] : []))],
    measured: new Set(found.keys()),
  };
}

async function measureFrom(
  name: HostName,
  wanted: readonly PathToMeasure[],
  links: Connections,
  { signal }: Context,
): Promise<readonly [HostName, readonly PathMtu[]]> {
  const paths = wanted.filter(w => w.host === name);
  return [name, await onHost(links, name, host => measurePaths(host, paths, signal))];
}

function withPaths(view: HostView, found: readonly PathMtu[] | undefined): HostView {
  if (!found) return view;
  const kept = view.inventory.paths.filter(p => !found.some(f => f.from === p.from && f.to === p.to));
  return { ...view, inventory: { ...view.inventory, paths: [...kept, ...found] } };
}

/** Writes down what was just measured from the given hosts. They must have a record. */
export async function rememberPaths(
  topology: string,
  world: World,
  hosts: Iterable<HostName>,
  links: Connections,
  context: Context,
): Promise<void> {
  const measured = [...hosts].filter(name => world.measured?.has(name));
  await Promise.all(
    measured.map(async name => {
      const { paths } = world.views.get(name)!.inventory;
      try {
        await onHost(links, name, host => writeRecord(host, topology, 'paths.json', pathRecord(paths)));
      } catch (error) {
        const text = `what its paths carry could not be written down: ${messageOf(error)}`;
        context.emit({ type: 'warning', host: name, text });
      }
    }),
  );
}
