import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TopologyInput } from '../../src/topology/index.js';

/** Where the files of a case say that they are. */
const DIRECTORY = '/topology';

/**
 * The input that a folder is: `topo.yaml`, perhaps `topo.2.yaml`, `topo.3.yaml` … over it, `.env`, `environment.json`, and files
 * that these name. There is nothing outside of the folder.
 */
export function caseInput(folder: URL): TopologyInput {
  const read = (name: string): string | undefined => {
    const file = fileURLToPath(new URL(name, folder));
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const dotenv = read('.env');
  const overrides = readdirSync(folder)
    .filter(name => /^topo\.\d\.yaml$/.test(name))
    .sort()
    .map(name => ({ path: `${DIRECTORY}/${name}`, text: read(name)! }));
  return {
    path: 'topo.yaml',
    text: read('topo.yaml')!,
    directory: DIRECTORY,
    environment: JSON.parse(read('environment.json') ?? '{}') as Record<string, string>,
    ...(dotenv !== undefined && { dotenv }),
    overrides,
    readFile: path => {
      const text = path.startsWith(`${DIRECTORY}/`) ? read(path.slice(DIRECTORY.length + 1)) : undefined;
      if (text !== undefined) return { is: 'text', text };
      return path.startsWith(DIRECTORY)
        ? { is: 'missing' }
        : { is: 'refused', why: `it is outside of ${DIRECTORY}` };
    },
  };
}
