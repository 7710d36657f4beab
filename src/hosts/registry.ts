import type { CallOptions, Host } from '../core/index.js';
import type { Engine } from './engine.js';
import { hostError } from './errors.js';
import { denied, isDenied, loginHeaders, wordsOf } from './pull.js';
import { registryLogin, registryOf } from './registry-login.js';
import type { HostOptions } from './target.js';

/** Lets the host's engine ask a registry which image a reference means now. Nothing is fetched. Throws `image.denied`, `image.registry`. */
export async function registryDigest(
  host: Host,
  engine: Engine,
  ref: string,
  options: HostOptions,
  call: CallOptions | undefined,
): Promise<string> {
  const login = await registryLogin(host.name, ref, options);
  const path = `/distribution/${encodeURIComponent(ref)}/json`;
  const { status, body } = await engine.call(
    { via: 'docker', method: 'GET', path, ...loginHeaders(login) },
    call,
  );
  const digest = (body as { Descriptor?: { digest?: unknown } } | null)?.Descriptor?.digest;
  if (status === 200 && typeof digest === 'string') return digest;
  const what = `could not ask ${registryOf(ref)} for ${ref}: ${wordsOf(body)}`;
  if (isDenied(wordsOf(body))) throw denied({ host, ref }, what, login);
  throw hostError(host.name, 'image.registry', `${host.described} ${what}`, {
    hint: 'its pull_policy has it asked for: see that the host reaches the registry, or let pull_policy be missing',
    retryable: true,
  });
}
