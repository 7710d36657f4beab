/** What BuildKit tells of a build, one message: steps that began or ended, and what they wrote. */
export interface Trace {
  readonly steps: readonly string[];
  readonly written: string;
}

/**
 * A message of `moby.buildkit.trace`: base64 of `moby.buildkit.v1.StatusResponse`, of which the names of vertexes (field 1, their 3)
 * and the text of logs (field 3, their 4) are read.
 */
export function parseTrace(aux: unknown): Trace {
  if (typeof aux !== 'string') return { steps: [], written: '' };
  const all = fieldsOf(Buffer.from(aux, 'base64'));
  const inside = (number: number, inner: number): readonly string[] =>
    all
      .filter(field => field.number === number)
      .flatMap(field => fieldsOf(field.bytes).filter(one => one.number === inner))
      .map(field => field.bytes.toString('utf8'));
  const steps = inside(1, 3).filter(name => !name.startsWith('[internal]'));
  return { steps: [...new Set(steps)], written: inside(3, 4).join('') };
}

/** The fields of a protobuf message that hold bytes; the others are passed over, and so is what can't be understood. */
function fieldsOf(message: Buffer): readonly { readonly number: number; readonly bytes: Buffer }[] {
  const fields: { number: number; bytes: Buffer }[] = [];
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (; at < message.length; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type !== 2) break;
    else {
      const length = varint();
      fields.push({ number: Math.floor(tag / 8), bytes: message.subarray(at, at + length) });
      at += length;
    }
  }
  return fields;
}
