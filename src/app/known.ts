import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HostName } from '../core/index.js';
import type { HostTarget } from '../hosts/index.js';
import type { Context } from './types.js';

/** `.topo/<name>.json` beside the file: which hosts a topology was ever applied to and how they were reached. */
export type KnownHosts = Readonly<Record<HostName, HostTarget>>;

/** The hosts that are known from earlier runs; empty where there is no memory, or none that can be read. */
export async function readKnown(context: Pick<Context, 'file'>, topology: string): Promise<KnownHosts> {
  if (context.file === undefined) return {};
  try {
    const parsed = JSON.parse(await readFile(pathOf(context.file, topology), 'utf8')) as {
      hosts?: KnownHosts;
    };
    return parsed.hosts ?? {};
  } catch {
    return {}; // It only helps to find hosts that left the file; losing it loses nothing else.
  }
}

/** What is remembered of hosts, by name. */
export function knownOf(targets: readonly HostTarget[]): KnownHosts {
  return Object.fromEntries(targets.map(t => [t.name, t]));
}

/** Remembers the hosts, before anything is made on them. */
export async function writeKnown(
  context: Pick<Context, 'file'>,
  topology: string,
  hosts: KnownHosts,
): Promise<void> {
  if (context.file === undefined) return;
  const path = pathOf(context.file, topology);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ format: 1, hosts }, null, 2) + '\n');
}

/** Forgets a topology; the directory goes with the last one. */
export async function forgetKnown(context: Pick<Context, 'file'>, topology: string): Promise<void> {
  if (context.file === undefined) return;
  const path = pathOf(context.file, topology);
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}

function pathOf(file: string, topology: string): string {
  return join(dirname(file), '.topo', `${topology}.json`);
}
