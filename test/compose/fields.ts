import { isObject } from './normalise.js';
import type { Inspected, Objects } from './objects.js';

/** Fields by their path, each with its value as JSON; lists are one value. */
export type Fields = Readonly<Record<string, string>>;

/** The fields of objects, by the objects' names. */
export type ObjectFields = Readonly<Record<string, Fields>>;

/** What of objects is another than in a plain container, network or volume of the same engine, one each. */
export function ownFields(objects: Objects, plain: Objects): ObjectFields {
  const base = new Map(Object.entries(plain).map(([name, object]) => [kindOf(name), fieldsOf(object)]));
  return Object.fromEntries(
    Object.entries(objects).map(([name, object]) => [
      name,
      unlike(fieldsOf(object), base.get(kindOf(name))!),
    ]),
  );
}

/** `container`, `network` or `volume`. */
export function kindOf(name: string): string {
  return name.split(' ')[0]!;
}

/** How a field that is not there is written. */
export const ABSENT = '(none)';

/** How a field is written that is as in a plain object. */
export const AS_PLAIN = 'as plain';

function unlike(fields: Fields, base: Fields): Fields {
  const all = [...new Set([...Object.keys(fields), ...Object.keys(base)])].sort();
  return Object.fromEntries(
    all.filter(path => fields[path] !== base[path]).map(path => [path, fields[path] ?? ABSENT]),
  );
}

/**
 * An empty map, an empty list and nothing at all are the same to the engine, and not always to whoever asks it: they are no
 * field, but where a key alone says something (ports, the containers of a network).
 */
function fieldsOf(object: Inspected): Fields {
  const walk = (path: string, value: unknown): readonly (readonly [string, string])[] => {
    if (value === null || (typeof value === 'object' && Object.keys(value).length === 0))
      return KEYS.test(path) ? [[path, 'there']] : [];
    if (!isObject(value)) return [[path, JSON.stringify(value)]];
    return Object.entries(value).flatMap(([key, item]) => walk(path === '' ? key : `${path}.${key}`, item));
  };
  return Object.fromEntries(walk('', object));
}

const KEYS = /(^|\.)(ExposedPorts|Ports|Volumes|Networks|Containers)\.[^.]+$/;
