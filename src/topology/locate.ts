import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { Locate, Place } from '../core/index.js';
import { valueAt } from './at.js';
import { MAX_DEPTH } from './document.js';
import type { Source } from './document.js';

/** Where something stands: the file, the key that leads to it, and itself. */
export interface Spot {
  readonly source: Source;
  readonly key?: Node;
  readonly value: Node | null;
}

/** A value and where it stands; where its parts stand is in {@link Origins}. */
export interface Plain {
  readonly value: unknown;
  readonly spot: Spot;
}

/**
 * Where the parts of plain maps and lists stand. What was read from one node is looked up in it when it is asked for; what
 * was put together from several files has a spot for each key.
 */
export type Origins = WeakMap<object, Origin>;

type Origin = { readonly node: YAMLMap | YAMLSeq; readonly index: MapIndex } | ReadonlyMap<string, Spot>;

/**
 * Finds places of paths in a plain value, whatever files its parts are from, through aliases and merge keys. What is not
 * there is placed at the key of the nearest enclosing thing that is.
 */
export function locator(root: Plain, origins: Origins): Locate {
  return (path, at = 'value') => {
    let { value, spot } = root;
    for (const step of path) {
      const next = spotIn(value, step, origins);
      if (!next) return placeOf(spot, 'key');
      spot = next;
      value = valueAt(value, [step]);
    }
    return placeOf(spot, at);
  };
}

/** Where the part of a plain map or list that has this key stands; undefined where it has none. */
export function spotIn(container: unknown, step: string | number, origins: Origins): Spot | undefined {
  if (typeof container !== 'object' || container === null) return undefined;
  const origin = origins.get(container);
  if (origin === undefined) return undefined;
  if (!('node' in origin)) return origin.get(String(step));
  const { node, index } = origin;
  if (isMap(node)) return index.spots(node).get(String(step));
  if (typeof step !== 'number' || step >= node.items.length) return undefined;
  return { source: index.source, value: node.items[step] as Node };
}

/** The place of a spot, or of the key that leads to it: an empty value has none of its own. */
export function placeOf({ source, key, value }: Spot, at: 'key' | 'value' = 'value'): Place {
  const empty = !value?.range || value.range[0] === value.range[1];
  const node = (at === 'key' || empty) && key ? key : value;
  const [start, end] = node?.range ?? [0, 1];
  return source.place(start, end);
}

/** Keys of a document's maps to their spots, made once a map: many lookups in a big map stay cheap. */
export interface MapIndex {
  readonly source: Source;
  readonly spots: (map: YAMLMap) => ReadonlyMap<string, Spot>;
}

/** The index of a document, empty at first. */
export function mapIndex(source: Source): MapIndex {
  const made = new WeakMap<YAMLMap, Map<string, Spot>>();
  const spotsOf = (map: YAMLMap, depth = 0): ReadonlyMap<string, Spot> => {
    const known = made.get(map);
    if (known || depth > MAX_DEPTH) return known ?? new Map();
    const spots = new Map<string, Spot>();
    // Set before it is filled: a map that merges itself would not end.
    made.set(map, spots);
    const merged = map.items
      .filter(isMergePair)
      .flatMap(pair => mergedMaps(pair.value as Node | null, source));
    for (const other of merged)
      for (const [key, spot] of spotsOf(other, depth + 1)) if (!spots.has(key)) spots.set(key, spot);
    for (const pair of map.items.filter(p => !isMergePair(p)) as Pair<Node, Node | null>[]) {
      spots.set(keyText(pair.key), { source, key: pair.key, value: pair.value });
    }
    return spots;
  };
  return { source, spots: map => spotsOf(map) };
}

/** Whether a pair is YAML 1.1's merge key, which Compose keeps in YAML 1.2: `<<` written plainly. */
export function isMergePair(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}

/** The maps that a merge key's value names; the first one wins. Anything else in it is left out. */
export function mergedMaps(value: Node | null, source: Source): YAMLMap[] {
  const meant = (node: Node | null): Node | null | undefined => (isAlias(node) ? source.target(node) : node);
  const node = meant(value);
  return (isSeq(node) ? (node.items as Node[]).map(meant) : [node]).filter(n => isMap(n));
}

/** A key as text: `80: x` has the key "80". */
export function keyText(key: Node | null): string {
  if (!isScalar(key)) return '';
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}
