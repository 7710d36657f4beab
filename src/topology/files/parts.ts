import { isMap } from '../blocks.js';
import { spotIn } from '../locate.js';
import type { Origins, Plain, Spot } from '../locate.js';

/** What stands in a plain map or list under a key; undefined where nothing does. */
export function part(whole: Plain, key: string | number, origins: Origins): Plain | undefined {
  const { value, spot } = whole;
  const inside = Array.isArray(value)
    ? (value as readonly unknown[])[Number(key)]
    : isMap(value) && Object.hasOwn(value, key)
      ? value[key]
      : undefined;
  return inside === undefined ? undefined : { value: inside, spot: spotIn(value, key, origins) ?? spot };
}

/** The entries of a plain map; none of anything else. */
export function entriesOf(whole: Plain, origins: Origins): readonly (readonly [string, Plain])[] {
  const { value, spot } = whole;
  if (!isMap(value)) return [];
  return Object.entries(value).map(([key, inside]) => [
    key,
    { value: inside, spot: spotIn(value, key, origins) ?? spot },
  ]);
}

/** The elements of a plain list; none of anything else. */
export function itemsOf(whole: Plain, origins: Origins): readonly Plain[] {
  const { value, spot } = whole;
  if (!Array.isArray(value)) return [];
  return value.map((inside: unknown, i) => ({ value: inside, spot: spotIn(value, i, origins) ?? spot }));
}

/** A plain map that is put together from parts, wherever they are from. */
export function mapOf(entries: Iterable<readonly [string, Plain]>, spot: Spot, origins: Origins): Plain {
  const value: Record<string, unknown> = Object.create(null);
  const spots = new Map<string, Spot>();
  for (const [key, inside] of entries) {
    value[key] = inside.value;
    spots.set(key, inside.spot);
  }
  origins.set(value, spots);
  return { value, spot };
}

/** A plain list that is put together from parts, wherever they are from. */
export function listOf(items: readonly Plain[], spot: Spot, origins: Origins): Plain {
  const value = items.map(item => item.value);
  origins.set(value, new Map(items.map((item, i) => [String(i), item.spot])));
  return { value, spot };
}

/** A plain map with some of its entries as given, undefined for none; the others, and their order, as they were. */
export function withParts(
  whole: Plain,
  changes: Readonly<Record<string, Plain | undefined>>,
  origins: Origins,
): Plain {
  const entries = new Map(entriesOf(whole, origins));
  for (const [key, change] of Object.entries(changes)) {
    if (change) entries.set(key, change);
    else entries.delete(key);
  }
  return mapOf(entries, whole.spot, origins);
}
