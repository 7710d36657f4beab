import { Transform, type Readable } from 'node:stream';
import { hostError } from './errors.js';
import { bodyOf } from './http.js';
import { followMessages } from './messages.js';
import { wordsOf } from './pull.js';
import type { Transfer } from './transfer.js';

/** Loads an image archive into the host's engine. */
export async function loadImage(
  { host, engine, ref, signal, progress }: Transfer,
  archive: Readable,
): Promise<void> {
  const call = {
    via: 'docker',
    method: 'POST',
    path: '/images/load?quiet=1',
    headers: { 'Content-Type': 'application/x-tar' },
  } as const;
  const body = archive.pipe(counting(bytes => progress(`sent ${(bytes / 1e6).toFixed(0)} MB`)));
  archive.once('error', error => body.destroy(error));
  const answer = await engine.stream(call, { body, ...(signal ? { signal } : {}) });
  const said =
    answer.status === 200 ? await followMessages(answer.body, progress) : wordsOf(await bodyOf(answer.body));
  if (said === undefined) return;
  throw hostError(host.name, 'image.load', `${host.described} could not load ${ref}: ${said}`, {
    hint: 'look for free space on the host: df -h',
  });
}

/** Tells every ten megabytes how much went through. */
function counting(tell: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const before = Math.floor(bytes / 1e7);
      bytes += chunk.length;
      if (Math.floor(bytes / 1e7) > before) tell(bytes);
      done(null, chunk);
    },
  });
}
