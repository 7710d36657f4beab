import type { TopoError } from '../core/index.js';
import { hostError } from './errors.js';
import { bodyOf } from './http.js';
import { followMessages } from './messages.js';
import { encoded, loginCommand, registryLogin, registryOf, type RegistryLogin } from './registry-login.js';
import type { Transfer } from './transfer.js';

/** Lets the host's engine fetch an image from its registry, with the login that this machine's Docker config has for that. */
export async function pullImage(transfer: Transfer): Promise<void> {
  const { host, engine, ref, signal, progress, options } = transfer;
  const login = await registryLogin(host.name, ref, options);
  const path = `/images/create?fromImage=${encodeURIComponent(tagged(ref))}`;
  const answer = await engine.stream(
    { via: 'docker', method: 'POST', path, ...loginHeaders(login) },
    signal ? { signal } : {},
  );
  const said =
    answer.status === 200 ? await followMessages(answer.body, progress) : wordsOf(await bodyOf(answer.body));
  if (said === undefined) return;
  if (isDenied(said)) throw denied(transfer, `could not pull ${ref}: ${said}`, login);
  throw hostError(host.name, 'image.pull', `${host.described} could not pull ${ref}: ${said}`, {
    hint: 'check the name and that the host reaches the registry, or set pull_policy: push to send it from this machine',
    retryable: true,
  });
}

/** What an engine's call about one image of a registry bears. */
export function loginHeaders(login: RegistryLogin): { readonly headers?: Readonly<Record<string, string>> } {
  return login.is === 'found' ? { headers: { 'X-Registry-Auth': encoded(login.auth) } } : {};
}

/** Whether a registry lets nobody in, or not with this login, in the words of engines (20.10 to 29). */
export function isDenied(said: string): boolean {
  return /no basic auth credentials|unauthorized|authentication required|(?<!permission )denied|(HTTP|status( code)?:?) 40[13]\b/i.test(
    said,
  );
}

/** A registry's refusal, with what became of the login. Where there is none, a name that does not exist is refused the same way. */
export function denied(
  { host, ref }: Pick<Transfer, 'host' | 'ref'>,
  what: string,
  login: RegistryLogin,
): TopoError {
  const registry = registryOf(ref);
  const command = loginCommand(registry);
  const hints = {
    none: `log in on this machine, ${command}, or check the name: its Docker config has no login for ${registry}`,
    found: `${registry} does not take the login of this machine's Docker config for that: ${command}, or check the name`,
    failed: `the login for ${registry} could not be read: ${login.is === 'failed' ? login.why : ''}`,
  };
  return hostError(host.name, 'image.denied', `${host.described} ${what}`, { hint: hints[login.is] });
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
