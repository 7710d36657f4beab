/** One frame of the Engine's multiplexed stream: stdout is 1, stderr 2. */
export interface Frame {
  readonly stream: number;
  readonly data: Buffer;
}

/**
 * Takes whole frames off a buffer (Engine API, "Stream format": one byte of stream, three of zeros, four of length,
 * big-endian) and gives back what is left over.
 */
export function takeFrames(buffer: Buffer): { frames: readonly Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  while (buffer.length - at >= 8) {
    const end = at + 8 + buffer.readUInt32BE(at + 4);
    if (end > buffer.length) break;
    frames.push({ stream: buffer[at]!, data: buffer.subarray(at + 8, end) });
    at = end;
  }
  return { frames, rest: buffer.subarray(at) };
}
