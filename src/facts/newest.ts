import { isLost, messageOf, TopoError, type Host, type NewestImage } from '../core/index.js';
import { inspectImage, rowOf, textOf } from '../tools/index.js';

/** An image of a host, and for how many milliseconds after it was tagged it is not asked for. */
export interface ImageToAsk {
  readonly reference: string;
  readonly refreshMs: number;
}

/** What the registries of a host's images have for them now, by reference; those that are young enough are not asked for. Changes nothing. */
export async function readNewest(
  host: Host,
  images: readonly ImageToAsk[],
  now: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, NewestImage>>> {
  const answers = await Promise.all(
    images.map(async image => {
      if (image.refreshMs > 0 && (await taggedAt(host, image.reference, signal)) + image.refreshMs > now)
        return [];
      return [[image.reference, await ask(host, image.reference, signal)] as const];
    }),
  );
  return Object.fromEntries(answers.flat());
}

/** Milliseconds since the epoch; long ago where the engine does not tell. */
async function taggedAt(host: Host, reference: string, signal: AbortSignal): Promise<number> {
  const { body } = await host.engine(inspectImage(reference), { signal });
  return Date.parse(textOf(rowOf(rowOf(body)['Metadata'])['LastTagTime'])) || 0;
}

async function ask(host: Host, reference: string, signal: AbortSignal): Promise<NewestImage> {
  try {
    return { digest: await host.registryDigest(reference, { signal }) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TopoError) || isLost(error)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return {
      why: { severity: 'error', code: error.code, host: host.name, summary: messageOf(error), ...hint },
    };
  }
}
