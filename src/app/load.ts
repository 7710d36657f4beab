import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EXIT, TopoError, hasErrors, messageOf, sortDiagnostics } from '../core/index.js';
import { resolve, type Machine } from '../resolve/index.js';
import { readTopology } from '../topology/index.js';
import type { TopologyReading } from '../topology/index.js';
import { contexts, givenFiles, namedFiles, rootsOf } from './named-files.js';
import type { Context, Loaded } from './types.js';

type Files = Pick<Context, 'file' | 'overrides' | 'environment'>;

/** What was read, beside what came of it. */
export interface Reading extends Loaded {
  readonly read: TopologyReading;
}

/** Reads, validates and resolves the topology file. Touches no host; all that is wrong comes back as diagnostics. */
export async function load(context: Files): Promise<Loaded> {
  const { diagnostics, resolved } = await loadWith(context, new Map());
  return resolved ? { diagnostics, resolved } : { diagnostics };
}

/** The same, with other texts in the place of those of some files, by their absolute paths. */
export async function loadWith(context: Files, texts: ReadonlyMap<string, string>): Promise<Reading> {
  const { file, environment, overrides = [] } = context;
  if (file === undefined)
    throw new TopoError('no topology file was given', {
      code: 'file.missing',
      who: 'user',
      exit: EXIT.invalid,
    });
  const directory = dirname(file);
  const textOf = async (path: string): Promise<string> => texts.get(path) ?? readText(path);
  const [text, dotenv, ...over] = await Promise.all([
    textOf(file),
    readIfThere(join(directory, '.env')),
    ...overrides.map(textOf),
  ]);
  const roots = rootsOf([file, ...overrides], environment);
  const named = namedFiles(roots);
  const read = readTopology({
    path: file,
    text,
    directory,
    environment,
    ...(dotenv === undefined ? {} : { dotenv }),
    overrides: overrides.map((path, i) => ({ path, text: over[i]! })),
    readFile: path => {
      const other = texts.get(path);
      return other === undefined ? named(path) : { is: 'text', text: other };
    },
  });
  if (!read.topology || hasErrors(read.diagnostics))
    return { read, diagnostics: sortDiagnostics(read.diagnostics) };
  const { resolved, diagnostics } = resolve(read.topology, read.locate, environment, machineOf(roots));
  const all = sortDiagnostics([...read.diagnostics, ...diagnostics]);
  if (!resolved || hasErrors(all)) return { read, diagnostics: all };
  return { read, diagnostics: all, resolved: { ...resolved, files: [file, ...overrides] } };
}

function machineOf(roots: readonly string[]): Machine {
  return { readFile: givenFiles(roots), readContext: contexts(roots) };
}

export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const hint = 'is that the path? -f FILE, or else TOPO_FILE, names the topology file';
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
