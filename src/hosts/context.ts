import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nearest } from '../core/index.js';
import { dockerDirectory, readJson, readTls, valueOf } from './docker-config.js';
import { ENGINE_SOCKET, parseEndpoint, type Endpoint, type Tls } from './endpoint.js';
import { hostError } from './errors.js';
import type { HostOptions } from './target.js';

/** The context that is never stored: the engine of this machine. */
const DEFAULT = 'default';

/** What a Docker context that is named leads to. The environment has no say in it, or `up` would land on another engine. */
export async function contextEndpoint(
  host: string,
  context: string,
  options: HostOptions,
): Promise<Endpoint> {
  if (context === DEFAULT) return { is: 'unix', socket: ENGINE_SOCKET };
  const store = join(dockerDirectory(options), 'contexts');
  const id = createHash('sha256').update(context).digest('hex');
  const meta = await readJson(host, join(store, 'meta', id, 'meta.json'));
  if (meta === undefined) throw unknown(host, context, await namesIn(store));
  const docker = valueOf(valueOf(meta, 'Endpoints'), 'docker');
  const address = valueOf(docker, 'Host');
  if (typeof address !== 'string')
    throw hostError(host, 'context.wrong', `Docker context ${context} has no endpoint of an engine`, {
      hint: `look at it: docker context inspect ${context}`,
    });
  const unchecked = valueOf(docker, 'SkipTLSVerify') === true;
  const files = await readTls(host, join(store, 'tls', id, 'docker'));
  const tls = files || unchecked ? { ...files, verify: !unchecked } : undefined;
  return usable(host, `Docker context ${context}`, address, tls);
}

/**
 * The engine that the docker command line would take here, where no context is named: that of `DOCKER_HOST`, else of `DOCKER_CONTEXT`,
 * else of the context in use, else this machine's.
 */
export async function ambientEndpoint(host: string, options: HostOptions): Promise<Endpoint> {
  const { DOCKER_HOST: address, DOCKER_CONTEXT: context } = options.environment;
  if (address) return usable(host, 'DOCKER_HOST', address, await tlsOfEnvironment(host, options));
  return contextEndpoint(host, context || (await contextInUse(host, options)), options);
}

async function contextInUse(host: string, options: HostOptions): Promise<string> {
  const config = await readJson(host, join(dockerDirectory(options), 'config.json'));
  const name = valueOf(config, 'currentContext');
  return typeof name === 'string' && name !== '' ? name : DEFAULT;
}

/** As the docker command line has it: any value but none turns them on. */
async function tlsOfEnvironment(host: string, options: HostOptions): Promise<Tls | undefined> {
  const { DOCKER_TLS_VERIFY: verified, DOCKER_TLS: unverified, DOCKER_CERT_PATH: path } = options.environment;
  if (!verified && !unverified) return undefined;
  return { ...(await readTls(host, path || dockerDirectory(options))), verify: Boolean(verified) };
}

function usable(host: string, by: string, address: string, tls: Tls | undefined): Endpoint {
  const endpoint = parseEndpoint(address, tls);
  if (typeof endpoint !== 'string') return endpoint;
  throw hostError(host, 'context.endpoint', `${by} leads to ${address}: ${endpoint}`, {
    hint: 'give the host as `ssh:`, or a context that leads to ssh://, tcp:// or unix://',
  });
}

async function namesIn(store: string): Promise<readonly string[]> {
  const meta = join(store, 'meta');
  const ids = await readdir(meta).catch(() => []);
  const read = (id: string): Promise<unknown> =>
    readJson('', join(meta, id, 'meta.json')).catch(() => undefined);
  const names = (await Promise.all(ids.map(read))).map(value => valueOf(value, 'Name'));
  return [DEFAULT, ...names.filter(name => typeof name === 'string').sort()];
}

function unknown(host: string, context: string, known: readonly string[]): Error {
  const near = nearest(context, known);
  const list = `there are ${known.join(', ')}`;
  return hostError(host, 'context.unknown', `there is no Docker context ${JSON.stringify(context)}`, {
    hint: near === undefined ? list : `did you mean ${near}? ${list}`,
  });
}
