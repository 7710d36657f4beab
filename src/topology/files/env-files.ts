import type { Place } from '../../core/index.js';
import type { Spot } from '../locate.js';
import type { Lookup } from '../variables.js';
import { parseDotenv, parseRawEnv } from './dotenv.js';
import { textIfThere, textOf } from './loading.js';
import type { Loading } from './loading.js';

/** A file of variables that the value at a spot names. */
export interface EnvFile {
  /** Absolute. */
  readonly path: string;
  readonly spot: Spot;
  /** Whether it must be there. */
  readonly required: boolean;
  /** Taken as it stands, instead of as a `.env`. */
  readonly raw?: boolean;
}

/** What files of variables give, a later one over earlier ones; what is wrong with them is told. */
export function variablesOf(
  files: readonly EnvFile[],
  lookup: Lookup,
  loading: Loading,
): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const { path, spot, required, raw } of files) {
    const text = (required ? textOf : textIfThere)(path, spot, loading);
    if (text === undefined) continue;
    const known: Lookup = name => lookup(name) ?? all.get(name);
    const values = parsedEnv(loading.called(path), text, known, loading, raw ? parseRawEnv : parseDotenv);
    for (const [name, value] of values) all.set(name, value);
  }
  return all;
}

/** The variables of a text, which is called `file` in messages; what is wrong with it is told. */
export function parsedEnv(
  file: string,
  text: string,
  lookup: Lookup,
  { diagnostics }: Loading,
  parse = parseDotenv,
): ReadonlyMap<string, string> {
  const { values, problems } = parse(text, lookup);
  for (const { severity, summary, offset } of problems) {
    const place = placeIn(file, text.replace(/^\uFEFF/, ''), offset);
    diagnostics.push({ severity, code: 'env.syntax', summary, place });
  }
  return values;
}

/** Variables of the surroundings first, then those of `more`. */
export function layered(lookup: Lookup, more: ReadonlyMap<string, string>): Lookup {
  return more.size === 0 ? lookup : name => lookup(name) ?? more.get(name);
}

function placeIn(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  const from = offset - before.at(-1)!.length;
  const line = text.slice(from).split(/\r?\n/, 1)[0]!;
  return { file, line: before.length, column: offset - from + 1, text: line };
}
