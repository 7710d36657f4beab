import { isLost, messageOf, type ContainerSettings, type EngineContainer, type Host } from '../core/index.js';
import { inspectContainer, parseSettings } from '../tools/index.js';
import { inspect } from './inspect.js';

/** Containers with what they are set to; `why`: that could not be asked for. */
export interface SettledContainers {
  readonly containers: readonly EngineContainer[];
  readonly why?: string;
}

/**
 * What a topology's containers are set to stands in no list. The host's script mostly read it off the engine's files (`known`, by id);
 * one call for each other container: of an engine that keeps them elsewhere, or of which only the engine is reached.
 */
export async function withSettings(
  host: Host,
  topology: string,
  containers: readonly EngineContainer[],
  known: Readonly<Record<string, ContainerSettings>>,
  signal: AbortSignal | undefined,
): Promise<SettledContainers> {
  const ask = async (container: EngineContainer): Promise<EngineContainer> => {
    if (container.labels['topo.name'] !== topology) return container;
    const settings = known[container.id];
    if (settings) return { ...container, settings };
    const reply = await inspect(host, inspectContainer(container.id), signal);
    return reply === undefined ? container : { ...container, settings: parseSettings(reply) };
  };
  try {
    return { containers: await Promise.all(containers.map(ask)) };
  } catch (error) {
    signal?.throwIfAborted();
    if (isLost(error)) throw error;
    return { containers, why: messageOf(error) };
  }
}
