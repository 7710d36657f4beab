import { takeFrames } from '../core/index.js';
import type { Engine } from './engine.js';

/** The last lines that a container wrote, both streams in their order; empty where its log can't be read. */
export async function tailOfLog(
  engine: Engine,
  container: string,
  tty: boolean,
  lines: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const path = `/containers/${encodeURIComponent(container)}/logs?stdout=1&stderr=1&tail=${lines}`;
  const { status, body } = await engine.stream(
    { via: 'docker', method: 'GET', path },
    signal ? { signal } : {},
  );
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  if (status !== 200) return '';
  return (tty ? whole.toString() : textOfFrames(whole)).trim();
}

/** What the frames of the Engine's multiplexed stream carry, as one text. */
export function textOfFrames(whole: Buffer): string {
  return takeFrames(whole)
    .frames.map(({ data }) => data.toString())
    .join('');
}
