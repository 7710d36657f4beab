import { hostname } from 'node:os';
import { isLost, OPERATOR } from '../core/index.js';
import type { Diagnostic, Host, HostName } from '../core/index.js';
import { attempt, connections } from './connections.js';
import type { Connections } from './connections.js';
import { lockAll } from './lock.js';
import type { Locks } from './lock.js';
import type { Scene } from './scene.js';
import type { Context } from './types.js';
import { without } from './unreachable.js';

const LOCK_WAIT_MS = 30_000;

/** How often the locks are begun again because a connection broke. */
const MOST_TRIES = 3;

/** Opens the scene's hosts for as long as `run` needs them. */
export async function withConnections<T>(
  scene: Scene,
  context: Context,
  run: (links: Connections) => Promise<T>,
): Promise<T> {
  const links = connections(scene.targets, context);
  try {
    return await run(links);
  } finally {
    await links.close();
  }
}

/**
 * Holds the topology's lock on every host while `run` works. Sandboxes are covered by this machine's lock, being made
 * by it; where only the engine is reached there is nothing to hold a lock by. A host that can't be reached is told instead of
 * locked, or left out where the scene says so: `run` is given the rest.
 */
export async function withLock<T>(
  scene: Scene,
  links: Connections,
  context: Context,
  wait: number | undefined,
  run: (scene: Scene, unreachable: readonly Diagnostic[]) => Promise<T>,
): Promise<T> {
  const names = [
    ...(scene.operator ? [OPERATOR] : []),
    ...scene.targets.filter(t => t.sandbox === undefined).map(t => t.name),
  ];
  const results = await Promise.all(names.map(name => attempt(scene, name, () => links.host(name))));
  const failed = results.flatMap(r => ('failed' in r ? [r.failed] : []));
  const skips = scene.unreachable === 'skip' && failed.every(f => f.host !== OPERATOR);
  if (failed.length > 0 && !skips) return run(scene, failed);
  const held = results.flatMap(r => ('value' in r && !r.value.engineOnly ? [r.value.name] : []));
  const locks = await lockHosts(held, scene.topology, links, context, wait ?? LOCK_WAIT_MS);
  const guard = new AbortController();
  links.onReturn(async host => {
    await locks.retake(host);
    bringBackWhenLost(host, links, guard.signal);
  });
  try {
    for (const name of held) bringBackWhenLost(await links.host(name), links, guard.signal);
    return await run(without(scene, failed), []);
  } finally {
    guard.abort();
    await locks.release();
  }
}

/** Where a connection breaks meanwhile, all locks are given back and it is begun again. */
async function lockHosts(
  names: readonly HostName[],
  topology: string,
  links: Connections,
  context: Context,
  wait: number,
): Promise<Locks> {
  const who = `${context.environment['USER'] ?? 'someone'}@${hostname()} (pid ${process.pid})`;
  const claim = { topology, who, token: context.random(8) };
  for (let tries = 1; ; tries++) {
    const hosts = await Promise.all(names.map(name => links.host(name)));
    try {
      return await lockAll(hosts, claim, wait, context);
    } catch (error) {
      if (!isLost(error) || tries === MOST_TRIES) throw error;
    }
  }
}

/** At once, so that nobody else takes the lock in the meantime; who needs the host next hears what came of it. */
function bringBackWhenLost(host: Host, links: Connections, until: AbortSignal): void {
  const again = (): void => void links.host(host.name).catch(() => undefined);
  host.closed.addEventListener('abort', again, { once: true, signal: until });
}
