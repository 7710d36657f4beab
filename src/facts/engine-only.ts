import { emptyInventory, TopoError, type Host, type HostView } from '../core/index.js';
import { readEngine } from './engine.js';
import { withSettings } from './settings.js';

/**
 * A host of which only the engine is reached: its lists, and nothing of the machine beneath. There is no record either: what the engine
 * could not tell would pass for absent, so it throws.
 */
export async function readEngineOnly(
  host: Host,
  topology: string,
  signal: AbortSignal | undefined,
): Promise<HostView> {
  const { facts, lists, unread } = await readEngine(host, signal);
  const { containers, why = Object.values(unread)[0] } = await withSettings(
    host,
    topology,
    lists.containers,
    {},
    signal,
  );
  if (why !== undefined || facts.is === 'missing')
    throw new TopoError(`could not read what the engine at ${host.described} has: ${why}`, {
      code: 'host.read',
      who: 'host',
      host: host.name,
      hint: 'look whether that engine runs, and what it logs',
      retryable: true,
    });
  return {
    host: host.name,
    facts: {
      hostname: host.described,
      kernel: facts.kernel ?? '',
      arch: facts.arch,
      bootId: '',
      netns: '',
      tools: {},
      engine: facts,
      engineOnly: true,
    },
    inventory: { ...emptyInventory(), ...lists, containers },
  };
}
