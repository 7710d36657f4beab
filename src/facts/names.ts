import { messageOf, type EngineContainer, type Host, type Inventory } from '../core/index.js';
import { parseNames, readNamesArgv } from '../tools/index.js';
import type { EngineView } from './engine.js';
import type { Section } from './sections.js';

type Names = Pick<Inventory, 'nameBlocks' | 'unread'>;

/**
 * The blocks in containers' hosts files. The host's script mostly knows by itself where they are; an engine that keeps them
 * elsewhere costs one more command, and only where containers of the topology run.
 */
export async function readNames(
  host: Host,
  topology: string,
  section: Section | undefined,
  engine: EngineView,
  signal: AbortSignal | undefined,
): Promise<Names> {
  if (!engine.lists.containers.some(c => isRunning(c, topology))) return { nameBlocks: [], unread: {} };
  const dataRoot = engine.facts.is === 'running' ? engine.facts.dataRoot : undefined;
  if (dataRoot === undefined) return unread('the engine did not say where it keeps its containers');
  if (section?.why !== undefined) return unread(section.why);
  const { roots, blocks } = parseNames(section?.text ?? '');
  if (roots.includes(dataRoot)) return { nameBlocks: blocks, unread: {} };
  try {
    const result = await host.exec(readNamesArgv(topology, dataRoot), signal ? { signal } : {});
    if (result.code === 0) return { nameBlocks: parseNames(result.stdout).blocks, unread: {} };
    return unread(result.stderr.trim() || `exit code ${result.code}`);
  } catch (error) {
    signal?.throwIfAborted();
    return unread(messageOf(error));
  }
}

function isRunning(container: EngineContainer, topology: string): boolean {
  return container.state === 'running' && container.labels['topo.name'] === topology;
}

function unread(why: string): Names {
  return { nameBlocks: [], unread: { nameBlocks: `hosts files of containers: ${why}` } };
}
