import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { workspace, type RunOptions } from './cli.js';
import type { SshHosts } from './ssh-hosts.js';

/** The quick start on hosts that topo did not make; pass it on to `topo()`: HOME is where their `.ssh/config` is. */
export async function sshWorkspace(
  name: string,
  { home, aliases }: SshHosts,
): Promise<RunOptions & AsyncDisposable> {
  const space = await workspace('quickstart.yaml', name);
  await edit(
    space.cwd,
    Object.fromEntries(aliases.map((alias, i) => [`hosts.lab${i + 1}`, `ssh://${alias}`])),
  );
  return { ...space, env: { HOME: home } };
}

/** Sets values of a workspace's topology by their dotted path, and removes those that become undefined. */
export async function edit(cwd: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(cwd, 'topo.yaml');
  const document = parseDocument(await readFile(file, 'utf8'), { merge: true });
  for (const [path, value] of Object.entries(changes)) {
    if (value === undefined) document.deleteIn(path.split('.'));
    else document.setIn(path.split('.'), value);
  }
  await writeFile(file, document.toString({ lineWidth: 0 }));
}

/** Two stacks on two hosts, `one` and `two`, on one fabric: the smallest world in which all can go wrong. */
const PAIR = `hosts:
  one: ssh://one
  two: ssh://two

switches:
  overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 }

stacks:
  shop:
    host: one
    networks:
      internal: { subnet: 172.30.0.0/16, fabric: overlay }
    services:
      web:
        image: topo/busybox
        command: [sh, -c, 'trap exit TERM; sleep 1000 & wait']
        networks: [internal]
        ports: ['8080:80']
  search:
    host: two
    networks:
      internal: { subnet: 172.31.0.0/16, fabric: overlay }
    services:
      api:
        image: topo/busybox
        command: [sh, -c, 'trap exit TERM; sleep 1000 & wait']
        networks: [internal]
`;

/** A workspace with {@link PAIR} on the first two hosts. */
export async function pairWorkspace(name: string, { home }: SshHosts): Promise<RunOptions & AsyncDisposable> {
  const space = await workspace();
  await writeFile(join(space.cwd, 'topo.yaml'), `name: ${name}\n\n${PAIR}`);
  return { ...space, env: { HOME: home } };
}
