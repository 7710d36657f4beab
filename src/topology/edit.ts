import { isAlias, isCollection, isMap, isScalar } from 'yaml';
import type { Node, Pair, Scalar, YAMLMap } from 'yaml';
import type { Diagnostic, DocPath } from '../core/index.js';
import { placeOf, spotIn } from './locate.js';
import type { Origins, Plain, Spot } from './locate.js';
import { valueAt } from './at.js';

/** Keys that a map of the document is to have beside its own; where a short form stands, it becomes a map that has it as `short`. */
export interface Edit {
  readonly path: DocPath;
  readonly short: string;
  readonly keys: Readonly<Record<string, string | number | readonly string[]>>;
  /** Which of the keys a short form says by a text behind it, and that text. */
  readonly behind?: { readonly key: string; readonly text: string };
}

/** The new texts of the files that change, by their names; and what could not be written. */
export interface Edited {
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Text that goes in where other text, or none, is taken out. */
interface Patch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Writes edits into the texts of a topology's files, wherever their elements stand; all else stays as it is, byte for byte. What
 * stands in one place for several elements, and would have to say different things, is refused.
 */
export function editTexts(root: Plain, origins: Origins, edits: readonly Edit[]): Edited {
  const diagnostics: Diagnostic[] = [];
  const found = new Map<Node, { spot: Spot; patch: Patch }>();
  const spoilt = new Set<Node>();
  for (const edit of edits) {
    const spot = spotAt(root, edit.path, origins);
    const node = spot?.value;
    if (!spot || !node || spoilt.has(node)) continue;
    const patch = patchOf(spot, node, edit);
    const before = found.get(node)?.patch;
    if (!patch || (before && before.text !== patch.text)) {
      spoilt.add(node);
      found.delete(node);
      diagnostics.push(refused(spot));
    } else found.set(node, { spot, patch });
  }
  const bySource = new Map<Spot['source'], Patch[]>();
  for (const { spot, patch } of found.values()) {
    const list = bySource.get(spot.source) ?? [];
    bySource.set(spot.source, [...list, patch]);
  }
  const texts = new Map([...bySource].map(([{ file, text }, list]) => [file, patched(text, list)]));
  return { texts, diagnostics };
}

function spotAt(root: Plain, path: DocPath, origins: Origins): Spot | undefined {
  let { value, spot } = root;
  for (const step of path) {
    const next = spotIn(value, step, origins);
    if (!next) return undefined;
    spot = next;
    value = valueAt(value, [step]);
  }
  return spot;
}

/** Undefined where it can't be written: behind an alias, or an anchor, it would be said of others as well. */
function patchOf({ source }: Spot, node: Node, edit: Edit): Patch | undefined {
  if (isAlias(node) || !node.range) return undefined;
  if (isMap(node))
    return intoMap(source.text, node as YAMLMap<Node, Node | null>, entries(Object.entries(edit.keys)));
  if (!isScalar(node) || node.anchor !== undefined) return undefined;
  return instead(source.text, node, edit);
}

type Value = Edit['keys'][string];

function entries(keys: readonly (readonly [string, Value])[]): readonly string[] {
  return keys.map(([key, value]) => `${key}: ${written(value)}`);
}

function written(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `[${value.map(written).join(', ')}]`;
  return /^[a-z0-9][\w./-]*$/i.test(value) ? value : `'${value}'`;
}

/** A short form as the map that it is short for, or with more behind it. */
function instead(text: string, node: Scalar, edit: Edit): Patch | undefined {
  const [start, end] = node.range!;
  const own = text.slice(start, end);
  if (own.includes('\n')) return undefined;
  const quote = /^['"]/.exec(own)?.[0] ?? '';
  const { behind, keys, short } = edit;
  const longer = `${own.slice(0, own.length - quote.length)}${behind?.text ?? ''}${quote}`;
  const lines = entries(Object.entries(keys).filter(([key]) => key !== behind?.key));
  if (lines.length === 0) return { start, end, text: longer };
  // Inside { } a brace or a comma would end it.
  const safe = quote === '' && /[{}[\],]|: /.test(longer) ? `'${longer.replaceAll("'", "''")}'` : longer;
  return { start, end, text: `{ ${[`${short}: ${safe}`, ...lines].join(', ')} }` };
}

function intoMap(text: string, map: YAMLMap<Node, Node | null>, lines: readonly string[]): Patch {
  if (map.flow) return intoFlow(map, lines);
  const key = map.items[0]!.key.range![0];
  const indent = ' '.repeat(key - 1 - text.lastIndexOf('\n', key - 1));
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const last = map.items.findLast(pair => oneLine(text, pair));
  if (!last) return { start: key, end: key, text: lines.map(line => `${line}${eol}${indent}`).join('') };
  const at = endOfLine(text, endOf(last));
  return { start: at, end: at, text: lines.map(line => `${eol}${indent}${line}`).join('') };
}

function intoFlow(map: YAMLMap<Node, Node | null>, lines: readonly string[]): Patch {
  const last = map.items.at(-1);
  const at = last ? endOf(last) : map.range![0] + 1;
  return { start: at, end: at, text: last ? `, ${lines.join(', ')}` : ` ${lines.join(', ')} ` };
}

function endOf({ key, value }: Pair<Node, Node | null>): number {
  return (value?.range ?? key.range!)[1];
}

/** Whether a pair ends on the line on which it begins, so that the next one may follow on the next line. */
function oneLine(text: string, pair: Pair<Node, Node | null>): boolean {
  const { key, value } = pair;
  const whole =
    value === null || isAlias(value) || isScalar(value) || (isCollection(value) && value.flow === true);
  return whole && !/[\r\n]/.test(text.slice(key.range![0], endOf(pair)));
}

function endOfLine(text: string, from: number): number {
  const end = text.slice(from).search(/\r?\n|$/);
  return from + end;
}

/** Later ones first, so that the places of the earlier ones stay. */
function patched(text: string, patches: readonly Patch[]): string {
  return [...patches]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((whole, { start, end, text: by }) => whole.slice(0, start) + by + whole.slice(end), text);
}

function refused(spot: Spot): Diagnostic {
  return {
    severity: 'error',
    code: 'pin.shared',
    summary: "what is allotted can't be written here: others have it from the same place",
    hint: 'write this element out, without an anchor or alias that others use as well',
    place: placeOf(spot),
  };
}
