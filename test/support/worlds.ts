import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sandboxScripts } from '../../src/tools/index.js';
import { inside, run, type Ran, type RunOptions } from './cli.js';
import type { TestSandboxes } from './sandboxes.js';
import { snapshot } from './snapshot.js';
import type { SshHosts } from './ssh-hosts.js';
import { edit } from './ssh-topology.js';

export type HostAlias = 'one' | 'two';

/** Two hosts and an operator's files, all of which can be spoiled. */
export interface World {
  readonly space: RunOptions;
  readonly address: (host: HostAlias) => string;
  /** A hand on a host: text for `sh`, which must succeed. */
  on(host: HostAlias, text: string): Promise<void>;
  /** Starts the host's engine, again if it runs. */
  engine(host: HostAlias): Promise<void>;
  /** Sets values of the topology file by their dotted path. */
  file(changes: Readonly<Record<string, unknown>>): Promise<void>;
  /** Rewrites the operator's known_hosts line by line; a line that becomes undefined goes. */
  knownHosts(change: (line: string) => string | undefined): Promise<void>;
  /** Gives the operator a key that no host knows. */
  strangeKey(): Promise<void>;
  /** Gives the operator's files back as they were at first. */
  restore(): Promise<void>;
  /** All that is on both hosts. */
  look(): Promise<string>;
}

/** The world of a pair of sandboxes that are presented as plain hosts. */
export async function worldOf(
  sandboxes: TestSandboxes,
  { home }: SshHosts,
  space: RunOptions,
): Promise<World> {
  const name = (host: HostAlias): string => sandboxes.names[host === 'one' ? 0 : 1]!;
  const files = [
    join(space.cwd, 'topo.yaml'),
    ...['known_hosts', 'id_ed25519', 'id_ed25519.pub'].map(f => join(home, '.ssh', f)),
  ];
  const [, known = '', key = ''] = files;
  const kept = (file: string): string => `${file}.kept`;
  await Promise.all(files.map(file => copyFile(file, kept(file))));
  return {
    space,
    address: host => sandboxes.address(name(host)),
    on: async (host, text) => must(await inside(name(host), 'sh', '-ec', text)),
    engine: async host =>
      must(await run(['sh', '-c', sandboxScripts['sandbox']!, 'sandbox', 'engine', name(host)])),
    file: changes => edit(space.cwd, changes),
    async knownHosts(change) {
      const lines = (await readFile(known, 'utf8')).split('\n').filter(line => line !== '');
      await writeFile(known, lines.flatMap(line => change(line) ?? []).join('\n') + '\n');
    },
    async strangeKey() {
      await run(['rm', key, `${key}.pub`]);
      must(await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]));
    },
    async restore() {
      await Promise.all(files.map(file => copyFile(kept(file), file)));
    },
    look: async () =>
      (await Promise.all((['one', 'two'] as const).map(host => lookInside(name(host))))).join('\n'),
  };
}

/** By way of the namespaces, as there may be no other. */
export async function lookInside(sandbox: string): Promise<string> {
  const pid = (await readFile(`/run/topo/sandbox/${sandbox}/pid`, 'utf8')).trim();
  return snapshot(['nsenter', '-t', pid, '-n', '-m', '-p', '-u', '--']);
}

function must({ code, stdout, stderr }: Ran): void {
  if (code !== 0) throw new Error(`${code}: ${stdout}${stderr}`);
}

/** Takes a program away from a host: a layer over its directory has a whiteout in its place. */
export function hide(program: string): string {
  return `d=$(dirname "$(command -v ${program})")
    mkdir -p /run/hide && mknod /run/hide/${program} c 0 0
    mount -n -t overlay overlay -o lowerdir=/run/hide:$d $d && echo $d >/run/hidden`;
}

/** Gives it back. */
export const UNHIDE = 'umount -n -l "$(cat /run/hidden)" && rm -r /run/hide /run/hidden';
