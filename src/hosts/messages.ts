import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { parseTrace } from './buildkit-trace.js';

/** A line of the engine's progress (jsonmessage): what it does, on which layer, how far; or what went wrong. */
interface Message {
  readonly status?: string;
  readonly id?: string;
  readonly stream?: string;
  readonly error?: string;
  readonly aux?: unknown;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/**
 * Reads an engine's progress to its end. The answer's status is 200 whatever happens later: a failure is a line in it.
 * Gives the engine's words for it, or undefined where all went well.
 */
export async function followMessages(
  body: Readable,
  progress: (text: string) => void,
): Promise<string | undefined> {
  let error: string | undefined;
  const layers = new Map<string, { current: number; total: number }>();
  for await (const line of createInterface({ input: body, crlfDelay: Infinity })) {
    const message = parse(line);
    error ??= message.error;
    const { current, total } = message.progressDetail ?? {};
    if (message.id !== undefined && current !== undefined && total !== undefined)
      layers.set(message.id, { current, total });
    const text = describe(message, [...layers.values()]);
    if (text !== '') progress(text);
    if (message.id !== 'moby.buildkit.trace') continue;
    const { steps, written } = parseTrace(message.aux);
    for (const told of [...steps, written.trim()]) if (told !== '') progress(told);
  }
  return error;
}

function describe(
  { status, stream, id }: Message,
  layers: readonly { current: number; total: number }[],
): string {
  const total = layers.reduce((sum, layer) => sum + layer.total, 0);
  if (status !== undefined && id !== undefined && total > 0)
    return `${status.toLowerCase()}, ${megabytes(layers)} of ${(total / 1e6).toFixed(1)} MB`;
  return (status ?? stream ?? '').trim();
}

function megabytes(layers: readonly { current: number }[]): string {
  return (layers.reduce((sum, layer) => sum + layer.current, 0) / 1e6).toFixed(1);
}

function parse(line: string): Message {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return {};
  }
}
