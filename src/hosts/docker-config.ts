import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../core/index.js';
import type { Tls } from './endpoint.js';
import { hostError, wordOf } from './errors.js';
import type { HostOptions } from './target.js';

/** Where the docker command line keeps what it knows. */
export function dockerDirectory({ environment, homedir }: HostOptions): string {
  return environment['DOCKER_CONFIG'] || join(homedir, '.docker');
}

/** The certificates of a directory as Docker calls them; undefined where there is none. */
export async function readTls(host: string, directory: string): Promise<Omit<Tls, 'verify'> | undefined> {
  const read = (name: string): Promise<string | undefined> => readText(host, join(directory, name));
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

/** The value of a JSON file; undefined where there is no such file. */
export async function readJson(host: string, path: string): Promise<unknown> {
  const text = await readText(host, path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (cause) {
    throw hostError(host, 'context.wrong', `${path} is not JSON: ${messageOf(cause)}`, {
      hint: 'correct it, or remove it and set it up again with docker context',
      cause,
    });
  }
}

async function readText(host: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(wordOf(cause, 'code'))) return undefined;
    throw hostError(host, 'context.wrong', `cannot read ${path}: ${messageOf(cause)}`, {
      hint: 'let the user who runs topo read it',
      cause,
    });
  }
}

/** A key's value of a map; undefined where it is no map, or has no such key. */
export function valueOf(map: unknown, key: string): unknown {
  return typeof map === 'object' && map !== null
    ? (map as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
