import { readdir } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { EXIT, TopoError } from '../core/index.js';

/** Topology files: the first, and those that are merged over it. */
export interface TopologyPaths {
  readonly file: string;
  readonly overrides: readonly string[];
}

/**
 * The topology files to use: the given ones, those of TOPO_FILE (several as in PATH), or `topo.yaml`, `topo.yml`, or the only
 * `*.topo.yaml` of the directory. Throws `file.missing` or `file.ambiguous` (exit 3).
 */
export async function findTopologyFiles(
  cwd: string,
  given: readonly string[] = [],
  fromEnvironment = '',
): Promise<TopologyPaths> {
  const named = given.length > 0 ? given : fromEnvironment.split(delimiter).filter(name => name !== '');
  const [file, ...overrides] = named.map(name => resolve(cwd, name));
  return { file: file ?? (await onlyFile(cwd)), overrides };
}

async function onlyFile(cwd: string): Promise<string> {
  const names = (await readdir(cwd)).sort();
  const plain = ['topo.yaml', 'topo.yml'].find(n => names.includes(n));
  if (plain) return join(cwd, plain);
  const others = names.filter(n => /\.topo\.ya?ml$/.test(n));
  if (others.length === 1) return join(cwd, others[0]!);
  const [code, message] =
    others.length === 0
      ? ['file.missing', `there is no topo.yaml in ${cwd}`]
      : ['file.ambiguous', `there are several topology files in ${cwd}: ${others.join(', ')}`];
  const compose = others.length === 0 && names.find(n => /^(docker-)?compose\.ya?ml$/.test(n));
  const hint = compose
    ? `name one with -f FILE, or write one for the Compose file: name: lab, hosts: { here: local }, stacks: { app: { host: here, compose: ${compose} } }`
    : 'name one with -f FILE';
  throw new TopoError(message, { code, who: 'user', exit: EXIT.invalid, hint });
}
