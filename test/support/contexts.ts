import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What an endpoint has beside its address: paths of PEM files. */
export interface ContextFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Makes a Docker context below a home directory, by the docker command line where there is one, else as that writes it down. */
export async function createContext(
  home: string,
  name: string,
  host: string,
  files: ContextFiles = {},
): Promise<void> {
  const config = join(home, '.docker');
  const endpoint = Object.entries({ host, ...files }).map(([key, value]) => `${key}=${value}`);
  const argv = ['context', 'create', name, '--docker', endpoint.join(',')];
  const made = spawnSync('docker', argv, {
    env: { PATH: process.env['PATH'], HOME: home, DOCKER_CONFIG: config },
  });
  if (made.error && Object.keys(files).length === 0) return writeContext(config, name, { Host: host });
  if (made.error) throw made.error;
  if (made.status !== 0) throw new Error(`docker ${argv.join(' ')}: ${made.stderr.toString()}`);
}

/** Writes what `docker context create` writes (seen on 28.2). */
export async function writeContext(
  config: string,
  name: string,
  endpoint: Readonly<Record<string, unknown>>,
): Promise<void> {
  const directory = join(config, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(directory, { recursive: true });
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: { SkipTLSVerify: false, ...endpoint } } };
  await writeFile(join(directory, 'meta.json'), JSON.stringify(meta));
}
