import { hostname } from 'node:os';
import { OPERATOR } from '../core/index.js';
import type { Diagnostic, Host } from '../core/index.js';
import { attempt, connections } from './connections.js';
import type { Connections } from './connections.js';
import { lockAll } from './lock.js';
import type { Context } from './types.js';
import type { Scene } from './world.js';

const LOCK_WAIT_MS = 30_000;

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
 * by it. A host that can't be reached is told instead of locked.
 */
export async function withLock<T>(
  scene: Scene,
  links: Connections,
  context: Context,
  wait: number | undefined,
  run: (unreachable: readonly Diagnostic[]) => Promise<T>,
): Promise<T> {
  const names = [
    ...(scene.operator ? [OPERATOR] : []),
    ...scene.targets.filter(t => t.sandbox === undefined).map(t => t.name),
  ];
  const results = await Promise.all(names.map(name => attempt(name, () => links.host(name))));
  const unreachable = results.flatMap(r => ('failed' in r ? [r.failed] : []));
  if (unreachable.length > 0) return run(unreachable);
  const hosts: readonly Host[] = results.flatMap(r => ('value' in r ? [r.value] : []));
  const who = `${context.environment['USER'] ?? 'someone'}@${hostname()} (pid ${process.pid})`;
  const locks = await lockAll(hosts, scene.topology, who, wait ?? LOCK_WAIT_MS, context);
  try {
    return await run([]);
  } finally {
    await locks.release();
  }
}
