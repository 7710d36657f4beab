import { hasErrors } from '../core/index.js';
import type { HostName, HostView, NewestImage, Resolved } from '../core/index.js';
import { imagesToAsk } from '../compile/index.js';
import { readNewest } from '../facts/index.js';
import { attempt } from './connections.js';
import type { Connections } from './connections.js';
import { onHost } from './on-host.js';
import type { Scene } from './scene.js';
import type { Context } from './types.js';
import type { World } from './world.js';

/**
 * Asks registries, by way of the hosts' engines, for images whose `pull_policy` is to follow them: where there are none, nobody is
 * asked. What they have now is only known from them, and a plan that did not ask could not say what `up` does.
 */
export async function withNewestImages(
  world: World,
  resolved: Resolved,
  scene: Scene,
  links: Connections,
  context: Context,
): Promise<World> {
  const wanted = hasErrors(world.diagnostics) ? [] : imagesToAsk(resolved, world.views);
  if (wanted.length === 0) return world;
  const text = `asking the registries of ${wanted.length} image${wanted.length === 1 ? '' : 's'}`;
  context.emit({ type: 'phase', phase: 'measure', text });
  const { now, signal } = context;
  const hosts = [...new Set(wanted.map(w => w.host))];
  const askFrom = (name: HostName): Promise<Readonly<Record<string, NewestImage>>> => {
    const images = wanted.filter(w => w.host === name);
    return onHost(links, name, host => readNewest(host, images, now(), signal));
  };
  const answers = await Promise.all(
    hosts.map(async name => ({ name, answer: await attempt(scene, name, () => askFrom(name)) })),
  );
  const found = new Map(
    answers.flatMap(({ name, answer }) => ('value' in answer ? [[name, answer.value]] : [])),
  );
  return {
    ...world,
    views: new Map([...world.views].map(([name, view]) => [name, withNewest(view, found.get(name))])),
    diagnostics: [
      ...world.diagnostics,
      ...answers.flatMap(({ answer }) => ('failed' in answer ? [answer.failed] : [])),
    ],
  };
}

function withNewest(view: HostView, newest: HostView['inventory']['newest'] | undefined): HostView {
  return newest ? { ...view, inventory: { ...view.inventory, newest } } : view;
}
