import { isDeepStrictEqual } from 'node:util';
import { placeOf } from '../locate.js';
import type { Plain } from '../locate.js';
import { shown } from '../words.js';
import { complainAt } from './loading.js';
import type { Loading } from './loading.js';
import { entriesOf, mapOf } from './parts.js';

/** What a file and one that it includes declare by name: each name once, or alike in both. `amend`: how one is changed by the other instead. */
export function united(ours: Plain, theirs: Plain, amend: string, loading: Loading): Plain {
  const { origins } = loading;
  const entries = new Map(entriesOf(theirs, origins));
  for (const [name, mine] of entriesOf(ours, origins)) {
    const other = entries.get(name);
    if (other && !isDeepStrictEqual(other.value, mine.value)) {
      const at = placeOf(other.spot, 'key');
      const hint = `the other is at ${at.file}:${at.line}:${at.column}; ${amend}`;
      complainAt(loading, mine.spot, 'include.clash', `${shown(name)} is declared in an included file too`, {
        at: 'key',
        hint,
      });
    }
    entries.set(name, mine);
  }
  return mapOf(entries, ours.spot, origins);
}
