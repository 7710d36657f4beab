import { isAlias } from 'yaml';
import type { Diagnostic } from '../../core/index.js';
import { isMap } from '../blocks.js';
import { placeOf } from '../locate.js';
import type { Origins, Plain } from '../locate.js';
import { RESET } from '../plain.js';
import { shown } from '../words.js';
import { entriesOf, itemsOf, listOf, mapOf, part } from './parts.js';

/** How what a later file says goes together with what earlier ones say; without more, maps merge by key and a later value wins. */
export interface Rule {
  /** The later value stands alone, whatever it is. */
  readonly replace?: true;
  /** Writes a short form out, so that it can be merged with a long one; anything else comes back as it is. */
  readonly form?: (plain: Plain, origins: Origins) => Plain;
  /** Rules of certain keys; `each`: of all others. */
  readonly keys?: Readonly<Record<string, Rule>>;
  readonly each?: Rule;
  /** Groups of keys of which a later file's one puts the others of its group out. */
  readonly instead?: readonly (readonly string[])[];
  /** A key: where both sides have it and differ in it, the later map stands alone. */
  readonly only?: string;
  /** What becomes of a list; what stands here goes for all that is in it, too. */
  readonly lists?: 'append' | 'replace';
  /** Names the elements of a list: a later one with the same name takes the place of the earlier one, or is merged with it. */
  readonly unique?: (element: unknown) => string | undefined;
  readonly element?: Rule;
}

/** What merging needs: where things stand, and where it tells of what does not go together. */
export interface Merging {
  readonly origins: Origins;
  readonly diagnostics: Diagnostic[];
}

/**
 * A value of an earlier file with that of a later one over it. Neither is changed; parts that only one of them has are taken
 * over as they are. `!override` in the later one takes it as it is, `!reset` takes the value away (see {@link RESET}).
 */
export function merge(base: Plain, over: Plain, rule: Rule, merging: Merging): Plain {
  return mergeValues(base, over, rule, 'append', merging);
}

type Lists = 'append' | 'replace';

function mergeValues(base: Plain, over: Plain, rule: Rule, inherited: Lists, merging: Merging): Plain {
  if (isNothing(base) || over.value === RESET || rule.replace || isOverride(over)) return over;
  if (isNothing(over)) return base;
  const lists = rule.lists ?? inherited;
  const form = rule.form ?? (plain => plain);
  const [first, second] = [form(base, merging.origins), form(over, merging.origins)];
  if (isMap(first.value) && isMap(second.value)) return mergeMaps(first, second, rule, lists, merging);
  if (Array.isArray(first.value) && Array.isArray(second.value))
    return mergeLists(first, second, rule, lists, merging);
  const misfit = typeof first.value === 'object' && typeof second.value === 'object';
  if (misfit || (typeof first.value === 'object' && lists === 'append')) return mismatch(base, over, merging);
  return second;
}

function isNothing({ value }: Plain): boolean {
  return value === null || value === undefined || value === RESET;
}

/** Whether a value bears the tag itself, or stands for something that does. */
function isOverride({ spot: { value, source } }: Plain): boolean {
  return (isAlias(value) ? source.target(value) : value)?.tag === '!override';
}

function mergeMaps(base: Plain, over: Plain, rule: Rule, lists: Lists, merging: Merging): Plain {
  const { origins } = merging;
  const { only } = rule;
  if (only !== undefined) {
    const [one, other] = [base, over].map(side => part(side, only, origins)?.value);
    if (one !== undefined && other !== undefined && one !== other) return over;
  }
  const entries = new Map(entriesOf(base, origins));
  for (const key of putOut(rule, over)) entries.delete(key);
  for (const [key, later] of entriesOf(over, origins)) {
    const earlier = entries.get(key);
    const inner = (rule.keys && Object.hasOwn(rule.keys, key) ? rule.keys[key] : rule.each) ?? {};
    entries.set(key, earlier ? mergeValues(earlier, later, inner, lists, merging) : later);
  }
  return mapOf(entries, base.spot, origins);
}

/** The keys that those of a later map put out. */
function putOut({ instead = [] }: Rule, { value }: Plain): readonly string[] {
  const has = (key: string): boolean => isMap(value) && Object.hasOwn(value, key);
  return instead.filter(group => group.some(has)).flatMap(group => group.filter(key => !has(key)));
}

function mergeLists(base: Plain, over: Plain, rule: Rule, lists: Lists, merging: Merging): Plain {
  const { origins } = merging;
  const { unique, element } = rule;
  if (lists === 'replace' && !unique) return over;
  const items: Plain[] = [];
  const at = new Map<string, number>();
  for (const item of [...itemsOf(base, origins), ...itemsOf(over, origins)]) {
    const name = unique?.(item.value);
    const known = name === undefined ? undefined : at.get(name);
    if (known !== undefined)
      items[known] = element ? mergeValues(items[known]!, item, element, lists, merging) : item;
    else if (items.push(item) && name !== undefined) at.set(name, items.length - 1);
  }
  return listOf(items, base.spot, origins);
}

/** Tells of what can't be merged; what stands first is kept, so that the rest can be looked at. */
function mismatch(base: Plain, over: Plain, { diagnostics }: Merging): Plain {
  const place = placeOf(over.spot);
  const other = placeOf(base.spot);
  diagnostics.push({
    severity: 'error',
    code: 'merge.mismatch',
    summary: `${shown(over.value)} can't be merged over ${shown(base.value)}`,
    hint: `what it is merged over is at ${other.file}:${other.line}:${other.column}; !override puts it in its place`,
    place,
  });
  return base;
}
