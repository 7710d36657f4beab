import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT, TopoError, hasErrors, messageOf, sortDiagnostics } from '../core/index.js';
import { resolve, type Machine } from '../resolve/index.js';
import { readTopology } from '../topology/index.js';
import { contexts, givenFiles, namedFiles, rootsOf } from './named-files.js';
import type { Context, Loaded } from './types.js';

/** Reads, validates and resolves the topology file. Touches no host; all that is wrong comes back as diagnostics. */
export async function load(context: Pick<Context, 'file' | 'overrides' | 'environment'>): Promise<Loaded> {
  if (context.file === undefined)
    throw new TopoError('no topology file was given', {
      code: 'file.missing',
      who: 'user',
      exit: EXIT.invalid,
    });
  const directory = dirname(context.file);
  const { environment, overrides = [] } = context;
  const [text, dotenv, ...over] = await Promise.all([
    readText(context.file),
    readIfThere(join(directory, '.env')),
    ...overrides.map(readText),
  ]);
  const roots = rootsOf([context.file, ...overrides], environment);
  const read = readTopology({
    path: context.file,
    text,
    directory,
    environment,
    ...(dotenv === undefined ? {} : { dotenv }),
    overrides: overrides.map((path, i) => ({ path, text: over[i]! })),
    readFile: namedFiles(roots),
  });
  if (!read.topology || hasErrors(read.diagnostics))
    return { diagnostics: sortDiagnostics(read.diagnostics) };
  const { resolved, diagnostics } = resolve(read.topology, read.locate, environment, machineOf(roots));
  const all = sortDiagnostics([...read.diagnostics, ...diagnostics]);
  if (!resolved || hasErrors(all)) return { diagnostics: all };
  return { diagnostics: all, resolved: { ...resolved, files: [context.file, ...overrides] } };
}

function machineOf(roots: readonly string[]): Machine {
  return { readFile: givenFiles(roots), readContext: contexts(roots) };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const hint = 'name the topology file with -f FILE';
    throw new TopoError(`cannot read ${path}: ${messageOf(cause)}`, {
      code: 'file.missing',
      who: 'user',
      exit: EXIT.invalid,
      hint,
      cause,
    });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TopoError(`cannot read ${path}: ${messageOf(cause)}`, {
      code: 'file.unreadable',
      who: 'user',
      exit: EXIT.invalid,
      cause,
    });
  }
}
