import type { Readable } from 'node:stream';
import type { ExecResult } from '../core/index.js';
import { hostError, lost } from './errors.js';
import type { Running } from './transport.js';

/** Bytes that a command may say before it is ended: a host must not be able to fill the operator's memory. */
export const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** How a command that is waited for is bounded. */
export interface Bounds {
  readonly host: string;
  readonly described: string;
  /** For messages. */
  readonly command: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Feeds a command its input, waits for its end, and gives its output. A command that ended without an exit code is a throw. */
export async function collect(
  running: Running,
  stdin: string | undefined,
  bounds: Bounds,
): Promise<ExecResult> {
  const { promise: gaveUp, reject } = failing();
  const limit = { left: OUTPUT_LIMIT, over: () => reject(tooMuch(bounds)) };
  const output = [gather(running.stdout, limit), gather(running.stderr, limit)] as const;
  const timer = setTimeout(() => reject(tooSlow(bounds)), bounds.timeoutMs);
  const abort = (): void => reject(bounds.signal.reason);
  bounds.signal.addEventListener('abort', abort, { once: true });
  if (bounds.signal.aborted) abort();
  running.stdin.on('error', () => undefined); // Nobody has to read its input; how it ends is told by its exit code.
  running.stdin.end(stdin ?? '');
  try {
    const code = await Promise.race([running.exited, gaveUp]);
    if (code === undefined)
      throw lost(bounds.host, bounds.described, `'${bounds.command}' ended without an exit code`);
    return { code, stdout: output[0](), stderr: output[1]() };
  } catch (error) {
    running.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    bounds.signal.removeEventListener('abort', abort);
  }
}

function failing(): { promise: Promise<never>; reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, no) => (reject = no));
  promise.catch(() => undefined); // It may fail after the command has ended, when nobody waits for it any more.
  return { promise, reject };
}

function gather(stream: Readable, limit: { left: number; over: () => void }): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    limit.left -= chunk.length;
    if (limit.left < 0) limit.over();
    else chunks.push(chunk);
  });
  stream.on('error', () => undefined);
  return () => Buffer.concat(chunks).toString('utf8');
}

function tooMuch({ host, command, described }: Bounds): Error {
  const message = `'${command}' on ${described} said more than ${OUTPUT_LIMIT / 1024 / 1024} MiB`;
  return hostError(host, 'host.output', message, {
    hint: 'look at the host: something there is far larger than it should be',
  });
}

function tooSlow({ host, command, described, timeoutMs }: Bounds): Error {
  const message = `'${command}' on ${described} did not end in ${timeoutMs / 1000} s`;
  return hostError(host, 'host.timeout', message, {
    hint: 'look whether the host is overloaded',
    retryable: true,
  });
}
