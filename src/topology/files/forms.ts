import { isMap } from '../blocks.js';
import type { Origins, Plain } from '../locate.js';
import { entriesOf, itemsOf, listOf, mapOf } from './parts.js';

/** Writes a short form out; a value of another form, or of none, comes back as it is: whoever checks it tells. */
export type Form = (plain: Plain, origins: Origins) => Plain;

/** `[A=1, B]` as `{ A: "1", B: }`; of a name that stands twice the last counts. */
export const asEntries: Form = (plain, origins) => {
  const items = itemsOf(plain, origins);
  if (items.length === 0 || !items.every(item => typeof item.value === 'string')) return plain;
  const entries = items.map(({ value, spot }): [string, Plain] => {
    const text = value as string;
    const at = text.indexOf('=');
    return at < 0 ? [text, { value: null, spot }] : [text.slice(0, at), { value: text.slice(at + 1), spot }];
  });
  return mapOf(entries.filter(isSafe), plain.spot, origins);
};

/** `[a, b]` as a map with the value that `each` gives, by default none: `{ a: , b: }`. */
export function asNames(each: (name: Plain, origins: Origins) => Plain = nothing): Form {
  return (plain, origins) => {
    const items = itemsOf(plain, origins);
    if (items.length === 0 || !items.every(item => typeof item.value === 'string')) return plain;
    const entries = items.map((item): [string, Plain] => [item.value as string, each(item, origins)]);
    return mapOf(entries.filter(isSafe), plain.spot, origins);
  };
}

function nothing({ spot }: Plain): Plain {
  return { value: null, spot };
}

/** Such a key would be the object's own. */
function isSafe([key]: readonly [string, Plain]): boolean {
  return key !== '__proto__';
}

/** `a` as `[a]`. */
export const asList: Form = (plain, origins) =>
  typeof plain.value === 'string' ? listOf([plain], plain.spot, origins) : plain;

/** `a` as `{ key: a }`. */
export function asKey(key: string): Form {
  return (plain, origins) =>
    typeof plain.value === 'string' ? mapOf([[key, plain]], plain.spot, origins) : plain;
}

/** `{ name: address }` as `[name:address]`, of a list of addresses one for each; entries are spelt with a colon. */
export const asHostEntries: Form = (plain, origins) => {
  const pairs = isMap(plain.value)
    ? entriesOf(plain, origins).flatMap(([name, at]) =>
        (Array.isArray(at.value) ? itemsOf(at, origins) : [at]).map(one => hostEntry(name, one)),
      )
    : itemsOf(plain, origins).map(spelt);
  return pairs.length > 0 ? listOf(pairs, plain.spot, origins) : plain;
};

function hostEntry(name: string, { value, spot }: Plain): Plain {
  return { value: `${name}:${String(value)}`, spot };
}

function spelt({ value, spot }: Plain): Plain {
  return { value: typeof value === 'string' ? value.replace(/^([^\s:=]+)=/, '$1:') : value, spot };
}
