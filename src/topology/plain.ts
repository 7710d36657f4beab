import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Diagnostic } from '../core/index.js';
import { MAX_DEPTH } from './document.js';
import type { Source } from './document.js';
import { isMergePair, keyText, mapIndex, mergedMaps } from './locate.js';
import type { MapIndex, Origins, Plain } from './locate.js';
import { retyped } from './retype.js';
import { substitute } from './variables.js';
import type { Lookup, VariableProblem } from './variables.js';
import { shown } from './words.js';

/** How many nodes files may have together with all their aliases written out: 5,000 services have some 200,000. */
const MAX_NODES = 1_000_000;

/** What `!reset` leaves: nothing, and nothing of what earlier files say there either. Gone once all files are merged. */
export const RESET = Symbol('!reset');

interface Walk {
  readonly source: Source;
  readonly lookup: Lookup;
  readonly origins: Origins;
  readonly index: MapIndex;
  readonly diagnostics: Diagnostic[];
  /** What the aliases that are being followed stand for. */
  readonly open: Set<Node>;
  /** Whether what variables give may be a number or a boolean. */
  typed: boolean;
  nodes: number;
  /** The outermost alias with which the file became too big. */
  big?: Alias;
}

/**
 * The document as plain values: aliases and merge keys followed, variables replaced in values (never in keys). Doubled
 * keys, aliases without an anchor, and files that blow up are told; what could not be read is null. Adds to `origins` where
 * each part stands. `typed`: whether what variables give is a number or boolean where it spells one; where it is not, as in
 * Compose files, it still is under `x-topo`. `nodes`: how many other files had; it comes back with those of this one.
 */
export function plainValue(
  source: Source,
  lookup: Lookup,
  origins: Origins,
  { typed, nodes }: { readonly typed: boolean; readonly nodes: number },
): Plain & { diagnostics: readonly Diagnostic[]; nodes: number } {
  const index = mapIndex(source);
  const walk: Walk = { source, lookup, origins, index, diagnostics: [], open: new Set(), typed, nodes };
  const value = convert(source.root, 0, walk);
  if (walk.nodes > MAX_NODES) {
    tell(
      walk,
      walk.big ?? source.root,
      'yaml.too-big',
      `aliases make more than ${MAX_NODES.toLocaleString('en')} values of this file`,
    );
  }
  return { value, spot: { source, value: source.root }, diagnostics: walk.diagnostics, nodes: walk.nodes };
}

function tell(walk: Walk, node: Node | null, code: string, summary: string, hint?: string): null {
  const [start, end] = node?.range ?? [0, 1];
  walk.diagnostics.push({
    severity: 'error',
    code,
    summary,
    ...(hint && { hint }),
    place: walk.source.place(start, end),
  });
  return null;
}

function convert(node: Node | null, depth: number, walk: Walk): unknown {
  if (node === null || ++walk.nodes > MAX_NODES) return null;
  if (depth > MAX_DEPTH) return tell(walk, node, 'yaml.too-deep', `more than ${MAX_DEPTH} levels of nesting`);
  if (node.tag === '!reset') return RESET;
  if (isScalar(node)) return scalarValue(node, walk);
  if (isAlias(node)) return aliasValue(node, depth, walk);
  if (isSeq(node)) return listValue(node, depth, walk);
  return isMap(node) ? mapValue(node, depth, walk) : null;
}

function aliasValue(alias: Alias, depth: number, walk: Walk): unknown {
  const target = walk.source.target(alias);
  if (!target) return tell(walk, alias, 'yaml.alias', `no anchor &${alias.source} stands before this alias`);
  if (walk.open.has(target))
    return tell(walk, alias, 'yaml.alias', `*${alias.source} stands inside what it stands for`);
  walk.open.add(target);
  const value = convert(target, depth + 1, walk);
  walk.open.delete(target);
  if (walk.nodes > MAX_NODES && walk.open.size === 0) walk.big ??= alias;
  return value;
}

function listValue(node: YAMLSeq, depth: number, walk: Walk): unknown[] {
  const all = (node.items as (Node | null)[]).map(item => convert(item, depth + 1, walk));
  walk.origins.set(all, { node, index: walk.index });
  return all.includes(RESET) ? withoutReset(all, node, walk) : all;
}

/** As Compose does: an element that is reset is as if it had not been written. */
function withoutReset(all: readonly unknown[], { items }: YAMLSeq, walk: Walk): unknown[] {
  const kept = all.flatMap((value, i) => (value === RESET ? [] : [{ value, node: items[i] as Node }]));
  const spots = kept.map(({ node }, i) => [String(i), { source: walk.source, value: node }] as const);
  const value = kept.map(item => item.value);
  walk.origins.set(value, new Map(spots));
  return value;
}

/** Without a prototype: a key such as `constructor` is nothing but a key. */
function mapValue(map: YAMLMap, depth: number, walk: Walk): Record<string, unknown> {
  const value: Record<string, unknown> = Object.create(null);
  walk.origins.set(value, { node: map, index: walk.index });
  const keys = new Map<string, Node>();
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    if (!isKey(pair.key, keys, walk)) continue;
    if (isMergePair(pair)) merge(value, pair, depth, walk);
    else value[keyText(pair.key)] = entryValue(pair, depth, walk);
  }
  return value;
}

function entryValue({ key, value }: Pair<Node, Node | null>, depth: number, walk: Walk): unknown {
  if (walk.typed || keyText(key) !== 'x-topo') return convert(value, depth + 1, walk);
  walk.typed = true;
  const typed = convert(value, depth + 1, walk);
  walk.typed = false;
  return typed;
}

/** What a map says itself wins over what it merges, wherever the merge key stands. */
function merge(
  into: Record<string, unknown>,
  pair: Pair<Node, Node | null>,
  depth: number,
  walk: Walk,
): void {
  const maps = mergedMaps(pair.value, walk.source);
  const isLost = isAlias(pair.value) && !walk.source.target(pair.value);
  if (isLost) convert(pair.value, depth + 1, walk);
  else if (maps.length === 0)
    tell(walk, pair.value ?? pair.key, 'yaml.merge', 'a merge key takes a map, or a list of maps');
  // What stands before the merge key is not overwritten; what stands behind it overwrites by itself.
  const own = new Set(Object.keys(into));
  for (const map of maps) {
    for (const [key, value] of Object.entries(convert(map, depth + 1, walk) ?? {})) {
      if (own.has(key)) continue;
      own.add(key);
      into[key] = value;
    }
  }
}

function isKey(key: Node, keys: Map<string, Node>, walk: Walk): boolean {
  const text = keyText(key);
  if (!isScalar(key) || text === '__proto__') {
    tell(
      walk,
      key,
      'name.invalid',
      isScalar(key) ? `${shown(text)} can't be a key` : 'a key must be plain text',
    );
    return false;
  }
  const first = keys.get(text);
  if (!first) keys.set(text, key);
  else {
    const { file, line, column } = walk.source.place(first.range?.[0] ?? 0, 0);
    tell(
      walk,
      key,
      'yaml.duplicate-key',
      `the key ${shown(text)} stands twice in one map`,
      `first at ${file}:${line}:${column}`,
    );
  }
  return !first;
}

function scalarValue(node: Scalar, walk: Walk): unknown {
  const { value, tag } = node;
  if (tag === '!override' && node.type === 'PLAIN') return overridden(node, walk);
  // A number that a double can't hold is kept as it was written, and one such as 0440, which is octal for some and decimal for others.
  if (typeof value === 'number' && Number.isInteger(value) && isLiteral(node, value))
    return node.source ?? value;
  if (typeof value !== 'string' || !value.includes('$')) return value;
  const text = substituted(value, node, walk);
  return node.type === 'PLAIN' && !tag && walk.typed ? retyped(text) : text;
}

function substituted(value: string, node: Scalar, walk: Walk): string {
  const { text, problems } = substitute(value, walk.lookup);
  for (const problem of problems) walk.diagnostics.push(variableDiagnostic(problem, node, walk.source));
  return text;
}

/** A scalar with a tag is text to the parser, whatever it looks like. */
function overridden(node: Scalar, walk: Walk): unknown {
  const text = String(node.value);
  if (/^(|~|null|Null|NULL)$/.test(text)) return null;
  return retyped(substituted(text, node, walk));
}

function isLiteral(node: Scalar, value: number): boolean {
  return !Number.isSafeInteger(value) || /^[-+]?0\d/.test(node.source ?? '');
}

/** Where an expression stands in a scalar's source; a quoted one with escapes is searched for it. */
function offsetOf({ expression, offset }: VariableProblem, value: string, written: string): number {
  const begin = written.indexOf(value);
  return begin < 0 ? written.indexOf(expression) : begin + offset;
}

function variableDiagnostic(problem: VariableProblem, node: Scalar, source: Source): Diagnostic {
  const { name, expression, message } = problem;
  const [start, end] = node.range ?? [0, 0];
  const offset = offsetOf(problem, String(node.value), source.text.slice(start, end));
  const place =
    offset < 0 ? source.place(start, end) : source.place(start + offset, start + offset + expression.length);
  switch (problem.is) {
    case 'unset':
      return {
        severity: 'warning',
        code: 'variable.unset',
        summary: `the variable ${name} is not set: it is taken as empty`,
        hint: `set it in the environment or in .env, or write \${${name}:-default}; a plain $ is written $$`,
        place,
      };
    case 'required': {
      const summary = `the variable ${name} must be set${message && `: ${message}`}`;
      return {
        severity: 'error',
        code: 'variable.required',
        summary,
        hint: 'set it in the environment or in .env',
        place,
      };
    }
    case 'syntax': {
      const hint =
        'write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+text}; a plain $ is written $$';
      return {
        severity: 'error',
        code: 'variable.syntax',
        summary: `${shown(expression)} is no variable`,
        hint,
        place,
      };
    }
  }
}
