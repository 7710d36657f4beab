import { isLost, messageOf, type EngineCall, type Host, type Inventory } from '../core/index.js';
import { inspectContainer, inspectImage, inspectNetwork, parseSettings } from '../tools/index.js';
import { inspect } from './inspect.js';

type Lists = Pick<Inventory, 'containers' | 'networks'>;

/**
 * The same lists with all that the engine says of the containers and networks that docker compose made of `projects` and that are no
 * topology's: no list tells whether they are as wanted. A call for each, and for each image. `why`: what could not be asked.
 */
export async function withInspected<L extends Lists>(
  host: Host,
  lists: L,
  projects: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly lists: L; readonly why?: string }> {
  const known = new Map<string, Promise<unknown>>();
  const ask = (call: EngineCall): Promise<unknown> => {
    const answer = known.get(call.path) ?? inspect(host, call, signal);
    known.set(call.path, answer);
    return answer;
  };
  const isMeant = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
    projects.includes(labels['com.docker.compose.project'] ?? '') && labels['topo.name'] === undefined;
  try {
    const containers = lists.containers.map(async c => {
      if (!isMeant(c)) return c;
      const [container, image] = await Promise.all([
        ask(inspectContainer(c.id)),
        ask(inspectImage(c.imageId)),
      ]);
      return { ...c, settings: parseSettings(container), inspected: { container, image } };
    });
    const networks = lists.networks.map(async n =>
      isMeant(n) ? { ...n, inspected: await ask(inspectNetwork(n.id)) } : n,
    );
    return {
      lists: {
        ...lists,
        containers: await Promise.all(containers),
        networks: await Promise.all(networks),
      },
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (isLost(error)) throw error;
    return { lists, why: messageOf(error) };
  }
}
