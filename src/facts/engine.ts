import {
  isLost,
  messageOf,
  TopoError,
  type EngineFacts,
  type Host,
  type Inventory,
  type InventoryPart,
} from '../core/index.js';
import {
  ENGINE_READS,
  parseContainers,
  parseBuilds,
  parseImages,
  parseNetworks,
  parseVersion,
  parseVolumes,
} from '../tools/index.js';

type Lists = Pick<Inventory, 'containers' | 'networks' | 'volumes' | 'images'>;

/** A host's engine and what it keeps. A list that failed is empty and stands in `unread`. */
export interface EngineView {
  readonly facts: EngineFacts;
  readonly lists: Lists;
  readonly unread: Readonly<Partial<Record<InventoryPart, string>>>;
}

/** Asks the engine for its version and its lists, all at once. One that cannot be asked is a fact, not an error. */
export async function readEngine(host: Host, signal: AbortSignal | undefined): Promise<EngineView> {
  const [version, info, containers, networks, volumes, images] = await Promise.all(
    [
      ENGINE_READS.version,
      ENGINE_READS.info,
      ENGINE_READS.containers,
      ENGINE_READS.networks,
      ENGINE_READS.volumes,
      ENGINE_READS.images,
    ].map(call => ask(host, call, signal)),
  );
  const unread: Partial<Record<InventoryPart, string>> = {};
  const read = <T>(
    part: InventoryPart,
    answer: Answer | undefined,
    parse: (body: unknown) => T,
    nothing: T,
  ): T => {
    if (answer && 'body' in answer) return parse(answer.body);
    unread[part] = answer?.why ?? 'not asked';
    return nothing;
  };
  const lists = {
    containers: read('containers', containers, parseContainers, []),
    networks: read('networks', networks, parseNetworks, []),
    volumes: read('volumes', volumes, parseVolumes, []),
    images: read('images', images, parseImages, {}),
    builds: read('images', images, parseBuilds, {}),
  };
  return { facts: factsOf(version, info), lists, unread };
}

type Answer = { readonly body: unknown } | { readonly why: string; readonly hint?: string };

async function ask(
  host: Host,
  call: (typeof ENGINE_READS)['version'],
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const { status, body } = await host.engine(call, signal ? { signal } : {});
    if (status < 300) return { body };
    return {
      why: `${call.method} ${call.path} was answered with ${status}: ${typeof body === 'string' ? body : JSON.stringify(body)}`,
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (isLost(error)) throw error; // Of the engine it says nothing.
    return {
      why: messageOf(error),
      ...(error instanceof TopoError && error.hint !== undefined ? { hint: error.hint } : {}),
    };
  }
}

function factsOf(answer: Answer | undefined, info: Answer | undefined): EngineFacts {
  if (answer && 'body' in answer)
    return parseVersion(answer.body, info && 'body' in info ? info.body : undefined);
  const hint =
    answer?.hint ??
    'install or start Docker on that host, or set `docker_socket` to where its engine listens';
  return { is: 'missing', why: answer?.why ?? 'not asked', hint };
}
