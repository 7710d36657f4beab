import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import type { Locate, Place } from '../core/index.js';
import { MAX_DEPTH } from './document.js';
import type { Source } from './document.js';

/** Where something stands: the key that leads to it, and itself. */
interface Spot {
  readonly key?: Node;
  readonly value: Node | null;
}

/**
 * Finds places of document paths, through aliases and merge keys. What is not in the document is placed at the key of the
 * nearest enclosing thing that is.
 */
export function locator(source: Source): Locate {
  const index = mapIndex(source);
  return (path, at = 'value') => {
    let spot: Spot = { value: source.root };
    for (const step of path) {
      const next = stepInto(spot.value, step, source, index);
      if (!next) return placeOf(spot, 'key', source);
      spot = next;
    }
    return placeOf(spot, at, source);
  };
}

type MapIndex = (map: YAMLMap) => ReadonlyMap<string, Spot>;

/** Keys of a map to their spots, made once a map: many lookups in a big map stay cheap. */
function mapIndex(source: Source): MapIndex {
  const made = new WeakMap<YAMLMap, Map<string, Spot>>();
  const index = (map: YAMLMap, depth = 0): ReadonlyMap<string, Spot> => {
    const known = made.get(map);
    if (known || depth > MAX_DEPTH) return known ?? new Map();
    const spots = new Map<string, Spot>();
    // Set before it is filled: a map that merges itself would not end.
    made.set(map, spots);
    const merged = map.items
      .filter(isMergePair)
      .flatMap(pair => mergedMaps(pair.value as Node | null, source));
    for (const other of merged)
      for (const [key, spot] of index(other, depth + 1)) if (!spots.has(key)) spots.set(key, spot);
    for (const pair of map.items.filter(p => !isMergePair(p)) as Pair<Node, Node | null>[]) {
      spots.set(keyText(pair.key), { key: pair.key, value: pair.value });
    }
    return spots;
  };
  return index;
}

function stepInto(
  value: Node | null,
  step: string | number,
  source: Source,
  index: MapIndex,
): Spot | undefined {
  const node = isAlias(value) ? source.target(value) : value;
  if (isMap(node)) return index(node).get(String(step));
  if (!isSeq(node) || typeof step !== 'number' || step >= node.items.length) return undefined;
  return { value: node.items[step] as Node };
}

function placeOf(spot: Spot, at: 'key' | 'value', source: Source): Place {
  const empty = !spot.value?.range || spot.value.range[0] === spot.value.range[1];
  const node = (at === 'key' || empty) && spot.key ? spot.key : spot.value;
  const [start, end] = node?.range ?? [0, 1];
  return source.place(start, end);
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
