import { hostError } from './errors.js';
import { bodyOf } from './http.js';
import { followMessages } from './messages.js';
import type { Transfer } from './transfer.js';

/** Lets the host's engine fetch an image from its registry. */
export async function pullImage({ host, engine, ref, signal, progress }: Transfer): Promise<void> {
  const path = `/images/create?fromImage=${encodeURIComponent(tagged(ref))}`;
  const answer = await engine.stream({ via: 'docker', method: 'POST', path }, signal ? { signal } : {});
  const said =
    answer.status === 200 ? await followMessages(answer.body, progress) : wordsOf(await bodyOf(answer.body));
  if (said === undefined) return;
  throw hostError(host.name, 'image.pull', `${host.described} could not pull ${ref}: ${said}`, {
    hint: 'check the name and that the host reaches the registry, or set pull_policy: push to send it from this machine',
    retryable: true,
  });
}

/** Without a tag the engine would fetch all of them. */
function tagged(ref: string): string {
  const last = ref.slice(ref.lastIndexOf('/') + 1);
  return /[:@]/.test(last) ? ref : `${ref}:latest`;
}

/** An engine's error as it says it. */
export function wordsOf(body: unknown): string {
  const message = (body as { message?: unknown } | null)?.message;
  return String(message ?? body).trim();
}
