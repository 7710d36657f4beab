import { isMap } from '../blocks.js';
import { complainAt } from '../files/loading.js';
import type { Loading } from '../files/loading.js';
import { entriesOf, mapOf, part, withParts } from '../files/parts.js';
import type { Plain } from '../locate.js';
import { oneOf, shown } from '../words.js';

/** Keys that Compose does not know, by what has them. */
const TOPO_KEYS: Readonly<Record<string, readonly string[]>> = {
  services: ['interfaces', 'netmap', 'userspace', 'wait_for_interfaces'],
  networks: ['fabric', 'stretch', 'subnet'],
};

/** What stands under `x-topo:` of services and networks, as if it stood directly in them. */
export function liftTopoKeys(whole: Plain, loading: Loading): Plain {
  const { origins } = loading;
  return Object.entries(TOPO_KEYS).reduce((plain, [kind, known]) => {
    const all = part(plain, kind, origins);
    if (!all || !isMap(all.value) || !Object.values(all.value).some(has)) return plain;
    const entries = entriesOf(all, origins).map(
      ([name, one]) => [name, has(one.value) ? lifted(one, known, loading) : one] as const,
    );
    return withParts(plain, { [kind]: mapOf(entries, all.spot, origins) }, origins);
  }, whole);
}

function has(value: unknown): boolean {
  return isMap(value) && Object.hasOwn(value, 'x-topo');
}

function lifted(one: Plain, known: readonly string[], loading: Loading): Plain {
  const { origins } = loading;
  const own = part(one, 'x-topo', origins)!;
  if (!isMap(own.value)) {
    complainAt(loading, own.spot, 'value.type', `"x-topo" must be a map, not ${shown(own.value)}`);
    return one;
  }
  const changes = entriesOf(own, origins).filter(([key, { spot }]) => {
    if (known.includes(key)) return true;
    const hint = `known here: ${known.join(', ')}`;
    return complainAt(loading, spot, 'key.unknown', `${shown(key)} is not a known key here`, {
      hint,
      at: 'key',
    });
  });
  return withParts(one, { ...Object.fromEntries(changes), 'x-topo': undefined }, origins);
}

/** Tells of topo's keys where `docker compose` would stop at them, and of `x-topo` where it says nothing. */
export function checkTopoKeys(whole: Plain, loading: Loading): void {
  const { origins } = loading;
  for (const [kind, keys] of Object.entries(TOPO_KEYS)) {
    const all = part(whole, kind, origins);
    for (const [, one] of all ? entriesOf(all, origins) : []) {
      for (const key of keys) {
        const misplaced = part(one, key, origins);
        if (!misplaced) continue;
        const summary = `${shown(key)} is a key of topo, which Compose does not know`;
        const hint = `put it under x-topo: x-topo: { ${key}: … }`;
        complainAt(loading, misplaced.spot, 'key.misplaced', summary, { hint, at: 'key' });
      }
    }
  }
  const top = part(whole, 'x-topo', origins);
  if (!top) return;
  const hint = `it stands in ${oneOf(Object.keys(TOPO_KEYS).map(kind => `one of the ${kind}`))}`;
  complainAt(loading, top.spot, 'key.misplaced', 'x-topo says nothing here', { hint, at: 'key' });
}
