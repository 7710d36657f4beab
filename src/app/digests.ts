import { createHash } from 'node:crypto';
import type { HostName } from '../core/index.js';
import { keyedDigest } from '../kinds/index.js';
import type { World } from './world.js';

/**
 * The keyed digests of what must not be seen on a host. Where only the engine is reached no key can be kept: there it follows from the
 * engine's own id, which nobody sees who may not use that engine, and who may sees the values themselves.
 */
export function digestsOf(world: World, key: string): (value: string, host: HostName) => string {
  return (value, host) => keyedDigest(engineKey(world, host) ?? key, value);
}

function engineKey(world: World, host: HostName): string | undefined {
  const { engineOnly, engine } = world.views.get(host)?.facts ?? {};
  if (!engineOnly || engine?.is !== 'running') return undefined;
  return createHash('sha256').update(`topo ${engine.id}`).digest('hex');
}
