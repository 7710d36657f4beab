import { isMap } from '../blocks.js';
import type { Origins, Plain } from '../locate.js';
import { RESET } from '../plain.js';
import { entriesOf, itemsOf, listOf, mapOf } from './parts.js';

/** A merged value without what `!reset` took away. */
export function withoutResets(plain: Plain, origins: Origins): Plain {
  const { value, spot } = plain;
  if (Array.isArray(value))
    return listOf(
      itemsOf(plain, origins).map(item => withoutResets(item, origins)),
      spot,
      origins,
    );
  if (!isMap(value)) return plain;
  const kept = entriesOf(plain, origins).filter(([, item]) => item.value !== RESET);
  return mapOf(
    kept.map(([key, item]) => [key, withoutResets(item, origins)] as const),
    spot,
    origins,
  );
}
