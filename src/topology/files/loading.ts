import { posix } from 'node:path';
import type { Diagnostic } from '../../core/index.js';
import { isMap } from '../blocks.js';
import { parseSource } from '../document.js';
import { placeOf } from '../locate.js';
import type { Origins, Plain, Spot } from '../locate.js';
import { RESET, plainValue } from '../plain.js';
import type { Lookup } from '../variables.js';

/** What is known of a file that another one names. `why` completes `cannot read FILE: …`. */
export type FileAnswer =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'missing' }
  | { readonly is: 'refused'; readonly why: string; readonly hint?: string };

/** Gives a file by its absolute path. */
export type ReadFile = (path: string) => FileAnswer;

/** What reading one topology, however many files it has, shares. */
export interface Loading {
  readonly origins: Origins;
  /** What is wrong so far. */
  readonly diagnostics: Diagnostic[];
  readonly readFile: ReadFile;
  /** How a file is called in messages. */
  readonly called: (path: string) => string;
  readonly home: string | undefined;
  readonly seen: Seen;
}

/** What was met so far. */
export interface Seen {
  /** How many YAML files were read, how many values they made, and how many characters all files had, each as often as it is read. */
  files: number;
  nodes: number;
  characters: number;
  /** Whether any file holds `!reset`, and whether any could not be read and will be missed. */
  reset: boolean;
  gap: boolean;
}

/** Nothing met yet. */
export function nothingSeen(): Seen {
  return { files: 0, nodes: 0, characters: 0, reset: false, gap: false };
}

/** A file whose text is known. `path` is absolute. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A file that another one names, by its absolute path. */
export interface NamedFile {
  readonly path: string;
  readonly spot: Spot;
}

type Kind = keyof typeof KINDS;

/** What the two kinds of files hold. */
const KINDS = {
  topology: { keys: 'name, hosts, stacks, switches and checks', hint: 'begin with name: my-topology' },
  compose: { keys: 'services, networks and volumes', hint: 'begin with services:' },
} as const;

/** How many files a topology may be put together from, and how long they may be together, each as often as it is named. */
const MAX_FILES = 1000;
const MAX_CHARACTERS = 64_000_000;

/** Tells an error at a spot. */
export function complainAt(
  { diagnostics }: Loading,
  spot: Spot,
  code: string,
  summary: string,
  more: { readonly hint?: string | undefined; readonly at?: 'key' | 'value' } = {},
): undefined {
  const { hint, at } = more;
  diagnostics.push({
    severity: 'error',
    code,
    summary,
    ...(hint !== undefined && { hint }),
    place: placeOf(spot, at),
  });
}

/** The text of a file that the value at a spot names; undefined where it can't be had, which has been told. */
export function textOf(path: string, from: Spot, loading: Loading): string | undefined {
  return told(answerOf(path, loading), path, from, loading);
}

/** As {@link textOf}, of a file that need not be there. */
export function textIfThere(path: string, from: Spot, loading: Loading): string | undefined {
  const answer = answerOf(path, loading);
  return answer.is === 'missing' ? undefined : told(answer, path, from, loading);
}

function told(answer: FileAnswer, path: string, from: Spot, loading: Loading): string | undefined {
  if (answer.is === 'text') return answer.text;
  const missing = answer.is === 'missing';
  const summary = `cannot read ${loading.called(path)}: ${missing ? 'there is no such file' : answer.why}`;
  const hint = missing ? undefined : answer.hint;
  return complainAt(loading, from, missing ? 'file.missing' : 'file.refused', summary, { hint });
}

function answerOf(path: string, { readFile, seen }: Loading): FileAnswer {
  const why = 'the topology names too many files, or too big ones';
  if (seen.files > MAX_FILES || seen.characters > MAX_CHARACTERS) return { is: 'refused', why };
  const answer = readFile(path);
  if (answer.is === 'text') seen.characters += answer.text.length;
  return answer;
}

/** The content of a YAML file that the value at a spot names; undefined where it can't be had, which has been told. */
export function yamlAt(
  { path, spot }: NamedFile,
  lookup: Lookup,
  kind: Kind,
  loading: Loading,
): Plain | undefined {
  const text = textOf(path, spot, loading);
  loading.seen.gap ||= text === undefined;
  return text === undefined ? undefined : yamlOf({ path, text }, lookup, kind, loading);
}

/** A YAML text with its variables replaced, empty or a map; undefined where it is neither, which has been told. */
export function yamlOf(
  { path, text }: SourceFile,
  lookup: Lookup,
  kind: Kind,
  loading: Loading,
): Plain | undefined {
  loading.seen.files++;
  const { source, diagnostics } = parseSource(loading.called(path), text);
  loading.diagnostics.push(...diagnostics);
  loading.seen.gap ||= !source;
  if (!source) return undefined;
  const plain = plainValue(source, lookup, loading.origins, {
    typed: kind === 'topology',
    nodes: loading.seen.nodes,
  });
  loading.seen.nodes = plain.nodes;
  loading.diagnostics.push(...plain.diagnostics);
  loading.seen.gap ||= plain.diagnostics.some(d => d.code === 'yaml.alias');
  loading.seen.reset ||= text.includes('!reset');
  const value = plain.value === RESET ? null : plain.value;
  if (value === null || isMap(value)) return { value, spot: plain.spot };
  loading.seen.gap = true;
  const { keys, hint } = KINDS[kind];
  return complainAt(loading, plain.spot, 'value.type', `the file must be a map with the keys ${keys}`, {
    hint,
  });
}

/** The names that messages give files: as the first one is called, the others from where it is. */
export function callFiles(first: string, directory: string): Loading['called'] {
  const from = posix.dirname(first);
  return path => posix.join(from, posix.relative(directory, path));
}
