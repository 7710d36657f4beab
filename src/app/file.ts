import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT, TopoError } from '../core/index.js';

/**
 * The topology file to use: the given one, or `topo.yaml`, `topo.yml`, or the only `*.topo.yaml` of the directory.
 * Throws `file.missing` or `file.ambiguous` (exit 3).
 */
export async function findTopologyFile(cwd: string, given?: string): Promise<string> {
  if (given !== undefined) return resolve(cwd, given);
  const names = (await readdir(cwd)).sort();
  const plain = ['topo.yaml', 'topo.yml'].find(n => names.includes(n));
  if (plain) return join(cwd, plain);
  const others = names.filter(n => /\.topo\.ya?ml$/.test(n));
  if (others.length === 1) return join(cwd, others[0]!);
  const [code, message] =
    others.length === 0
      ? ['file.missing', `there is no topo.yaml in ${cwd}`]
      : ['file.ambiguous', `there are several topology files in ${cwd}: ${others.join(', ')}`];
  throw new TopoError(message, { code, who: 'user', exit: EXIT.invalid, hint: 'name one with -f FILE' });
}
