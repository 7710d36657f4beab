import { join } from 'node:path';
import { askHelper } from './credential-helper.js';
import { dockerDirectory, readJson, valueOf } from './docker-config.js';
import { hostError } from './errors.js';
import type { HostOptions } from './target.js';

/** A login as the Engine API takes it. Never shown, logged or kept. */
type Auth = Readonly<Record<string, string>>;

/** What this machine's Docker config has for a registry; `failed`: it could not be asked, in words. */
export type RegistryLogin =
  | { readonly is: 'none' }
  | { readonly is: 'found'; readonly auth: Auth }
  | { readonly is: 'failed'; readonly why: string };

const HUB = 'docker.io';

/** What Docker Hub is called in every Docker config. */
const HUB_ADDRESS = 'https://index.docker.io/v1/';

/** How a helper gives a token instead of a name and a password. */
const TOKEN_USER = '<token>';

/** The registry of an image: the first part of its name, where that looks like a host, else Docker Hub. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || /[A-Z]/.test(first));
  return isHost && first !== 'index.docker.io' ? first : HUB;
}

/** How a person logs in to a registry. */
export function loginCommand(registry: string): string {
  return registry === HUB ? 'docker login' : `docker login ${registry}`;
}

/** The login for an image's registry, found as `docker pull` finds it: by the registry's own helper, the one for all, the file. */
export async function registryLogin(
  host: string,
  reference: string,
  options: HostOptions,
): Promise<RegistryLogin> {
  const registry = registryOf(reference);
  return loginFor(await readConfig(host, options), registry === HUB ? HUB_ADDRESS : registry, options);
}

/** All logins there are, by address, for a build that may need any of them, and why some could not be had. */
export async function allLogins(
  host: string,
  options: HostOptions,
): Promise<{ readonly auths: Readonly<Record<string, Auth>>; readonly failed: readonly string[] }> {
  const config = await readConfig(host, options);
  const listed = config.store === undefined ? undefined : await askHelper(config.store, 'list', '', options);
  const kept = listed?.is === 'value' ? keysOf(listed.value) : [];
  const known = [config.given, config.auths, config.helpers].flatMap(keysOf);
  const addresses = [...new Set([...known, ...kept])].sort();
  const logins = await Promise.all(
    addresses.map(async address => [address, await loginFor(config, address, options)] as const),
  );
  const why = [listed, ...logins.map(([, login]) => login)];
  return {
    auths: Object.fromEntries(
      logins.flatMap(([a, login]) => (login.is === 'found' ? [[a, login.auth]] : [])),
    ),
    failed: [...new Set(why.flatMap(one => (one?.is === 'failed' ? [one.why] : [])))],
  };
}

/** A header's value: base64 for URLs, filled up with `=` (engines insist on that). */
export function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

interface DockerConfig {
  /** Those of `DOCKER_AUTH_CONFIG`, which come first. */
  readonly given: unknown;
  readonly auths: unknown;
  readonly helpers: unknown;
  readonly store: string | undefined;
}

async function readConfig(host: string, options: HostOptions): Promise<DockerConfig> {
  const config = await readJson(host, join(dockerDirectory(options), 'config.json'));
  const store = valueOf(config, 'credsStore');
  return {
    given: valueOf(givenConfig(host, options), 'auths'),
    auths: valueOf(config, 'auths'),
    helpers: valueOf(config, 'credHelpers'),
    store: typeof store === 'string' && store !== '' ? store : undefined,
  };
}

/** A config in the environment, as CI services hand it out. */
function givenConfig(host: string, { environment }: HostOptions): unknown {
  try {
    return JSON.parse(environment['DOCKER_AUTH_CONFIG'] || '{}');
  } catch {
    throw hostError(host, 'context.wrong', 'DOCKER_AUTH_CONFIG is not JSON', {
      hint: 'it holds what a config.json of docker has under auths: {"auths": {"REGISTRY": {"auth": "…"}}}',
    });
  }
}

async function loginFor(
  { given, auths, helpers, store }: DockerConfig,
  address: string,
  options: HostOptions,
): Promise<RegistryLogin> {
  const first = loginIn(given, address);
  if (first.is === 'found') return first;
  const helper = valueOf(helpers, address) ?? store;
  if (typeof helper !== 'string' || helper === '') return loginIn(auths, address);
  const answer = await askHelper(helper, 'get', address, options);
  if (answer.is === 'failed') return answer;
  const [user, secret] = [valueOf(answer.value, 'Username'), valueOf(answer.value, 'Secret')];
  if (typeof user !== 'string' || typeof secret !== 'string') return { is: 'none' };
  const auth = user === TOKEN_USER ? { identitytoken: secret } : { username: user, password: secret };
  return { is: 'found', auth: { ...auth, serveraddress: address } };
}

/** Older files have whole addresses as keys. */
function loginIn(auths: unknown, address: string): RegistryLogin {
  const key = keysOf(auths).find(k => k === address) ?? keysOf(auths).find(k => hostOf(k) === address);
  const entry = key === undefined ? undefined : valueOf(auths, key);
  const text = (name: string): Auth => {
    const value = valueOf(entry, name);
    return typeof value === 'string' && value !== '' ? { [name]: value } : {};
  };
  const both = Buffer.from(text('auth')['auth'] ?? '', 'base64').toString('utf8');
  const colon = both.indexOf(':');
  const named = colon < 0 ? {} : { username: both.slice(0, colon), password: both.slice(colon + 1) };
  const tokens = { ...text('identitytoken'), ...text('registrytoken') };
  const auth = { ...text('username'), ...text('password'), ...named, ...tokens };
  if (Object.keys(auth).length === 0) return { is: 'none' };
  return { is: 'found', auth: { ...auth, serveraddress: address } };
}

function hostOf(address: string): string {
  return address.replace(/^[a-z]+:\/\//, '').split('/', 1)[0]!;
}

function keysOf(map: unknown): readonly string[] {
  return typeof map === 'object' && map !== null ? Object.keys(map) : [];
}
