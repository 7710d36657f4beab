import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { messageOf } from '../core/index.js';
import { readContext } from '../hosts/index.js';
import type { ReadContext, ReadFile as ReadBytes } from '../resolve/index.js';
import type { FileAnswer, ReadFile } from '../topology/index.js';

/** Bytes; nobody writes a longer one, and it is read as a whole. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads what topology files name (`include`, `compose`, `env_file` …) below these directories, links followed, and nowhere else: a
 * topology of somebody else's must not reach for the keys of who runs it.
 */
export function namedFiles(roots: readonly string[]): ReadFile {
  const read = allowed(roots);
  return path => {
    const answer = read(path);
    return answer.is === 'read' ? { is: 'text', text: answer.content.toString('utf8') } : answer;
  };
}

/** The same for what services are given (`configs`, `secrets`), as bytes. */
export function givenFiles(roots: readonly string[]): ReadBytes {
  const read = allowed(roots);
  return path => {
    const answer = read(path);
    if (answer.is === 'read') return answer;
    const { why, hint } =
      answer.is === 'missing' ? { why: 'there is no such file', hint: undefined } : answer;
    return { is: 'unreadable', why, ...(hint !== undefined && { hint }) };
  };
}

/** Build contexts: directories, under the same rule. */
export function contexts(roots: readonly string[]): ReadContext {
  const where = below(roots);
  return (directory, dockerfile) => {
    const found = where(directory);
    if (found.is === 'there') return readContext(found.at, dockerfile);
    if (found.is === 'missing') return { is: 'unreadable', why: 'there is no such directory' };
    return { is: 'unreadable', why: found.why, ...(found.hint !== undefined && { hint: found.hint }) };
  };
}

type Answer =
  | { readonly is: 'read'; readonly content: Buffer; readonly program: boolean }
  | Exclude<FileAnswer, { is: 'text' }>;

function allowed(roots: readonly string[]): (path: string) => Answer {
  const where = below(roots);
  return path => {
    const found = where(path);
    return found.is === 'there' ? content(found.at) : found;
  };
}

type Where = { readonly is: 'there'; readonly at: string } | Exclude<Answer, { is: 'read' }>;

/** Where a path leads, links followed, if that is below the roots. */
function below(roots: readonly string[]): (path: string) => Where {
  const real = roots.flatMap(root => (existsSync(root) ? [realpathSync(root)] : []));
  const outside = { is: 'refused', why: `it is outside of ${roots.join(' and ')}`, hint: ALLOW } as const;
  return path => {
    if (![...roots, ...real].some(root => isBelow(path, root))) return outside;
    try {
      const at = realpathSync(path);
      return real.some(root => isBelow(at, root)) ? { is: 'there', at } : outside;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR'
        ? { is: 'missing' }
        : { is: 'refused', why: messageOf(cause) };
    }
  };
}

const ALLOW = 'TOPO_ROOT=DIRECTORY allows what is below another directory';

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === '' || (way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way));
}

function content(file: string): Answer {
  const stat = statSync(file);
  if (!stat.isFile()) return { is: 'refused', why: 'it is not a plain file' };
  if (stat.size > MAX_BYTES) return { is: 'refused', why: `it has more than ${MAX_BYTES / 1024 / 1024} MB` };
  return { is: 'read', content: readFileSync(file), program: (stat.mode & 0o111) !== 0 };
}

/**
 * Where topology files may name files: in their own directories and in the Git work trees that these are part of, unless
 * that is the home directory; and where TOPO_ROOT says.
 */
export function rootsOf(
  files: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const given = (environment['TOPO_ROOT'] ?? '').split(delimiter).filter(root => root !== '');
  const own = files.map(file => workTree(dirname(file), environment['HOME']) ?? dirname(file));
  return [...new Set([...own, ...given.map(root => resolve(root))])];
}

function workTree(directory: string, home: string | undefined): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (at === home || at === dirname(at)) return undefined;
    if (existsSync(join(at, '.git'))) return at;
  }
}
