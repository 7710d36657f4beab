import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../core/index.js';
import { ignoring } from './docker-ignore.js';

/** One thing in a build context, by its path in it. */
export interface ContextEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  /** Bytes of a file. */
  readonly size: number;
  /** Where a link leads. */
  readonly link?: string;
}

/** A build context as it is now, or why it is none. */
type ContextReading =
  | { readonly is: 'read'; readonly digest: string; readonly dockerfile?: string }
  | { readonly is: 'unreadable'; readonly why: string; readonly hint?: string };

/** More than anyone means to send: a whole home directory, a tree of packages that .dockerignore forgot. */
const MOST_FILES = 100_000;
const MOST_BYTES = 2 * 1024 ** 3;

/** The digest of all that a context sends: paths, modes and contents, not times, which a checkout gives anew. */
export function readContext(directory: string, dockerfile: string | undefined): ContextReading {
  try {
    if (!statSync(directory).isDirectory()) return { is: 'unreadable', why: 'it is not a directory' };
    if (dockerfile !== undefined && !existsSync(join(directory, dockerfile)))
      return { is: 'unreadable', why: `there is no ${dockerfile} in it` };
    const hash = createHash('sha256');
    let files = 0;
    let bytes = 0;
    for (const { path, type, mode, size, link } of contextEntries(directory, dockerfile)) {
      bytes += size;
      if (++files > MOST_FILES || bytes > MOST_BYTES) return tooMuch();
      hash.update(`${type} ${mode.toString(8)} ${size} ${path}\0${link ?? ''}\0`);
      if (type === 'file') hash.update(readFileSync(join(directory, path)));
    }
    const text = dockerfile === undefined ? undefined : readFileSync(join(directory, dockerfile), 'utf8');
    return { is: 'read', digest: hash.digest('hex'), ...(text !== undefined && { dockerfile: text }) };
  } catch (error) {
    return { is: 'unreadable', why: messageOf(error) };
  }
}

function tooMuch(): ContextReading {
  const why = `it has more than ${MOST_FILES.toLocaleString('en')} files or ${MOST_BYTES / 1024 ** 3} GiB`;
  return { is: 'unreadable', why, hint: 'let a .dockerignore in it leave out what the image does not need' };
}

/** What a context sends, parents first, sorted; the Dockerfile and .dockerignore go along whatever that says, as docker does. */
export function* contextEntries(directory: string, dockerfile: string | undefined): Generator<ContextEntry> {
  const ignored = ignoring(ignoreText(directory));
  const always = new Set(['.dockerignore', dockerfile]);
  yield* below('');

  function* below(parent: string): Generator<ContextEntry> {
    for (const name of readdirSync(join(directory, parent)).sort()) {
      const path = parent === '' ? name : `${parent}/${name}`;
      const stat = lstatSync(join(directory, path));
      const isOut = ignored.is(path) && !always.has(path);
      if (stat.isDirectory()) {
        if (!isOut) yield { path, type: 'directory', mode: stat.mode & 0o7777, size: 0 };
        if (!isOut || ignored.hasExceptions || holds(path, dockerfile)) yield* below(path);
      } else if (isOut) continue;
      else if (stat.isSymbolicLink())
        yield { path, type: 'symlink', mode: 0o777, size: 0, link: readlinkSync(join(directory, path)) };
      else if (stat.isFile()) yield { path, type: 'file', mode: stat.mode & 0o7777, size: stat.size };
    }
  }
}

function holds(directory: string, dockerfile: string | undefined): boolean {
  return dockerfile?.startsWith(`${directory}/`) === true;
}

function ignoreText(directory: string): string {
  const file = join(directory, '.dockerignore');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
