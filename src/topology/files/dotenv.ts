import { substitute } from '../variables.js';
import type { Lookup } from '../variables.js';

/** What is wrong in a file of variables, and the offset of where. */
export interface DotenvProblem {
  readonly summary: string;
  readonly offset: number;
  readonly severity: 'error' | 'warning';
}

/** Variables that a file gives, in the order in which they stand, and what is wrong in it: what was read before an error counts. */
export interface Dotenv {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly DotenvProblem[];
}

interface Scan {
  readonly text: string;
  readonly lookup: Lookup;
  readonly values: Map<string, string>;
  readonly problems: DotenvProblem[];
}

/** White space within a line, as the parser of Compose has it. */
const SPACE = '[\\t\\v\\f\\r \\u0085\\u00a0]';
const BEFORE = /(?:\s|#[^\n]*)*/y;
const EXPORT = new RegExp(`export${SPACE}+`, 'y');
const NAME = new RegExp(`(?:[\\p{L}\\p{N}_.[\\]-]|${SPACE})*`, 'uy');
const BLANK = new RegExp(`${SPACE}*`, 'y');

/**
 * Reads a file of variables as Compose reads `.env` and `env_file` (compose-go's dotenv): `NAME=value` or `NAME: value`,
 * `export` before it or not; comments after white space and a `#`; `'…'` as it stands, `"…"` with escapes, both over several
 * lines; variables in all but `'…'`; a name alone is taken from `lookup`. Variables are looked up there first, then among
 * those that stand before.
 */
export function parseDotenv(text: string, lookup: Lookup): Dotenv {
  const values = new Map<string, string>();
  const scan: Scan = {
    text: text.replace(/^\uFEFF/, ''),
    lookup: name => lookup(name) ?? values.get(name),
    values,
    problems: [],
  };
  let at: number | undefined = skip(BEFORE, scan.text, 0);
  while (at !== undefined && at < scan.text.length) {
    const next = statement(scan, at);
    at = next === undefined ? undefined : skip(BEFORE, scan.text, next);
  }
  return { values, problems: scan.problems };
}

/** The offset behind what a sticky pattern, which may be nothing, finds at an offset. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Reads a statement and gives the offset behind it; undefined where it is none, and nothing after it can be read. */
function statement(scan: Scan, start: number): number | undefined {
  const { text, values, lookup } = scan;
  const from = skip(EXPORT, text, start);
  const end = skip(NAME, text, from);
  const name = text.slice(from, end).trimEnd();
  const mark = text[end];
  if (mark !== undefined && !'=:\n'.includes(mark))
    return problem(scan, `${JSON.stringify(mark)} can't be in the name of a variable`, end);
  if (name === '') return problem(scan, 'a variable without a name', from);
  if (/\s/.test(name)) return problem(scan, `the name ${JSON.stringify(name)} has a space in it`, from);
  if (mark === undefined || mark === '\n') {
    const value = lookup(name);
    if (value !== undefined) values.set(name, value);
    return end + 1;
  }
  return assignment(scan, name, skip(BLANK, text, end + 1));
}

function assignment(scan: Scan, name: string, at: number): number | undefined {
  const { text, values } = scan;
  const quote = text[at];
  if (quote === '"' || quote === "'") return quoted(scan, name, quote, at);
  const until = text.indexOf('\n', at);
  const end = until < 0 ? text.length : until;
  const value = text.slice(at, end).split(' #', 1)[0]!.trimEnd();
  values.set(name, expanded(scan, value, at));
  return end + 1;
}

/** A value in quotes, up to the same quote without a backslash before it. */
function quoted(scan: Scan, name: string, quote: '"' | "'", at: number): number | undefined {
  const { text, values } = scan;
  const body = quote === '"' ? /"((?:[^"\\]|\\[\s\S])*)"/y : /'((?:[^'\\]|\\[\s\S])*)'/y;
  body.lastIndex = at;
  const found = body.exec(text);
  if (!found) return problem(scan, 'a quote is opened and never closed', at);
  const inside = found[1]!.replaceAll(`\\${quote}`, quote);
  values.set(name, quote === '"' ? expanded(scan, unescaped(inside), at) : inside);
  return body.lastIndex;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '"': '"', '\\': '\\', $: '$$' },
};

/** Escapes as in a shell's `$'…'`: letters, `\0` and three octal digits; what is none of them stays. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([abfnrtv$"\\])|0([0-3][0-7]{2}))/g, (_, letter?: string, octal?: string) =>
    letter === undefined ? String.fromCharCode(parseInt(octal!, 8)) : ESCAPES[letter]!,
  );
}

function expanded(scan: Scan, value: string, offset: number): string {
  const { text, problems } = substitute(value, scan.lookup);
  for (const { is, name, message, expression } of problems) {
    const severity = is === 'unset' ? 'warning' : 'error';
    const summary =
      is === 'unset'
        ? `the variable ${name} is not set: it is taken as empty`
        : is === 'required'
          ? `the variable ${name} must be set${message && `: ${message}`}`
          : `${JSON.stringify(expression)} is no variable`;
    scan.problems.push({ severity, summary, offset });
  }
  return text;
}

function problem(scan: Scan, summary: string, offset: number): undefined {
  scan.problems.push({ severity: 'error', summary, offset });
}

/**
 * Reads `env_file` with `format: raw`, which Compose takes from the Docker command line: `NAME=value` a line, the value as
 * it stands; a name alone is taken from `lookup`.
 */
export function parseRawEnv(text: string, lookup: Lookup): Dotenv {
  const values = new Map<string, string>();
  const problems: DotenvProblem[] = [];
  let offset = 0;
  for (const whole of text.replace(/^\uFEFF/, '').split('\n')) {
    const line = whole.replace(/\r$/, '').trimStart();
    const [name = '', ...rest] = line.split('=');
    const value = rest.length > 0 ? rest.join('=') : lookup(name);
    const wrong =
      name === '' ? 'a variable without a name' : `the name ${JSON.stringify(name)} has a space in it`;
    if (line !== '' && !line.startsWith('#')) {
      if (name === '' || /\s/.test(name)) problems.push({ severity: 'error', summary: wrong, offset });
      else if (value !== undefined) values.set(name, value);
    }
    offset += whole.length + 1;
  }
  return { values, problems };
}
