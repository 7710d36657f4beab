import { takeFrames } from '../core/index.js';

/** Where the two streams of a container go: stdout is 1, stderr 2. */
export type Sinks = Readonly<Record<1 | 2, (chunk: Buffer) => unknown>>;

/** Hands on what an engine's stream carries until it ends. With a terminal it is raw and all of it is stdout, else it comes in frames. */
export async function receive(stream: AsyncIterable<Buffer>, tty: boolean, sinks: Sinks): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    if (tty) {
      sinks[1](chunk);
      continue;
    }
    const taken = takeFrames(Buffer.concat([rest, chunk]));
    rest = taken.rest;
    for (const frame of taken.frames) sinks[frame.stream === 2 ? 2 : 1](frame.data);
  }
}
