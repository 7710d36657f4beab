import type { EngineCall } from '../core/index.js';
import { textOfFrames } from './container-log.js';
import { hostError } from './errors.js';
import { wordsOf } from './pull.js';
import type { Transfer } from './transfer.js';

/** How much of a failed command's words is told. */
const LINES = 10;

/** Runs a command in a container and waits for its end. Throws with its last words where that is not 0. */
export async function runInContainer(
  { host, engine, signal }: Transfer,
  [container = '', called = container]: readonly string[],
  body: unknown,
): Promise<void> {
  const options = signal ? { signal } : {};
  const call = (method: 'GET' | 'POST', path: string, content?: unknown): EngineCall => ({
    via: 'docker',
    method,
    path,
    ...(content !== undefined && { body: content }),
  });
  const attached = { ...(body as object), AttachStdout: true, AttachStderr: true };
  const made = await engine.call(
    call('POST', `/containers/${encodeURIComponent(container)}/exec`, attached),
    options,
  );
  const fail = (what: string): Error =>
    hostError(host.name, 'post_start.failed', what, {
      hint: 'the container runs; once its `post_start` is mended, run the same command again',
    });
  if (made.status !== 201)
    throw fail(`the engine would not run post_start in ${called}: ${wordsOf(made.body)}`);
  const { Id: id } = made.body as { Id: string };
  const stream = await engine.upgrade(
    call('POST', `/exec/${id}/start`, { Detach: false, Tty: false }),
    options,
  );
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const { body: ended } = await engine.call(call('GET', `/exec/${id}/json`), options);
  const { ExitCode: code } = ended as { ExitCode: number | null };
  if (code === 0) return;
  const said = textOfFrames(Buffer.concat(chunks)).trim().split('\n').slice(-LINES).join('\n');
  throw fail(
    [`post_start of ${called} ended with exit code ${code ?? 'unknown'}`, said].filter(Boolean).join('\n'),
  );
}
