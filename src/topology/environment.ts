import { z } from 'zod';
import { complain, isMap, lazily } from './blocks.js';

type Value = string | number | boolean | null;

/** Compose's two forms of environments and labels: a map, or a list of `NAME=value` and `NAME`. */
export const environmentSchema = lazily(() =>
  z.union([
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).superRefine(
      (map, context) => {
        for (const name of Object.keys(map)) if (!isName(name)) complainOfName(context, [name]);
      },
      { when: ({ value }) => isMap(value) },
    ),
    z.array(
      z.string().superRefine((entry, context) => {
        if (!isName(entry.split('=')[0]!)) complainOfName(context, []);
      }),
    ),
  ]),
);

/** A map of either form; null where a name stands without a value. The input has been validated. */
export function expandEnvironment(
  input: Record<string, Value> | readonly string[] | undefined,
): Record<string, string | null> {
  if (input === undefined) return {};
  const entries = Array.isArray(input)
    ? input.map(splitEntry)
    : Object.entries(input as Record<string, Value>);
  return Object.fromEntries(entries.map(([name, value]) => [name, value === null ? null : String(value)]));
}

/** As an environment, but a label without a value is empty. */
export function expandLabels(
  input: Record<string, Value> | readonly string[] | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(expandEnvironment(input)).map(([name, value]) => [name, value ?? '']),
  );
}

function splitEntry(entry: string): [string, Value] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, null] : [entry.slice(0, at), entry.slice(at + 1)];
}

function isName(name: string): boolean {
  return name !== '' && name !== '__proto__' && !/[=\0]/.test(name);
}

/** Without the value: it may be a secret. */
function complainOfName(context: z.RefinementCtx, path: string[]): void {
  const summary = 'an entry without a name before its "="';
  complain(
    context,
    {
      is: 'said',
      code: 'value.invalid',
      summary,
      hint: 'write NAME=value, or NAME to take it from the environment',
    },
    path,
  );
}
