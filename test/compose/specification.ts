import { isObject } from './normalise.js';

/** A part of a JSON Schema. */
type Schema = Readonly<Record<string, unknown>>;

/**
 * The paths of all keys that a Compose schema names, sorted: `services.*.build.args`, `services.*.ports[].target`. A `*` is a
 * name of the user's choice, `[]` an element of a list.
 */
export function keyPaths(root: Schema): readonly string[] {
  const paths = new Set<string>();
  const walk = (path: string, schema: unknown): void => {
    if (!isObject(schema)) return;
    const { $ref, properties, patternProperties, additionalProperties, items } = schema;
    if (typeof $ref === 'string') walk(path, referred(root, $ref));
    for (const word of ['anyOf', 'oneOf', 'allOf'] as const)
      for (const branch of (schema[word] ?? []) as readonly unknown[]) walk(path, branch);
    for (const [key, value] of entriesOf(properties)) {
      paths.add(path + key);
      walk(`${path}${key}.`, value);
    }
    for (const [pattern, value] of entriesOf(patternProperties))
      if (!pattern.startsWith('^x-')) walk(`${path}*.`, value);
    walk(`${path}*.`, additionalProperties);
    if (items !== undefined) walk(`${path.slice(0, -1)}[].`, items);
  };
  walk('', root);
  return [...paths].sort();
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

function referred(root: Schema, ref: string): unknown {
  const steps = ref.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), root);
}
