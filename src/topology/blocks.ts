import { z } from 'zod';

/**
 * What a schema of ours says when a value is not as it wants it, carried as the `params` of a zod issue. `diagnose` in
 * issues.ts makes a Diagnostic of it, where the value and its place are known.
 */
export type Trouble =
  | {
      readonly is: 'not';
      readonly what: string;
      readonly code: string;
      readonly hint?: Hint;
      readonly of?: 'key';
    }
  | {
      readonly is: 'said';
      readonly code: string;
      readonly summary: string;
      readonly hint?: string;
      readonly at?: 'key';
    }
  | { readonly is: 'unknown-key'; readonly key: string; readonly known: readonly string[] }
  | { readonly is: 'not-yet'; readonly what?: string; readonly hint?: string }
  | { readonly is: 'ignored' };

export type Hint = string | ((value: string) => string | undefined);

/** What a piece of text must look like. */
export interface Phrase {
  /** Completes `"x" is not …` and `"key" must be …`: `an IPv4 address`. */
  readonly what: string;
  readonly test: RegExp | ((text: string) => boolean);
  readonly hint?: Hint;
  readonly code?: string;
  readonly examples?: readonly string[];
}

/** Ends what zod says of a value that only wants quotes to be right. */
export const QUOTED = ' in quotes';

/** Text that looks as the phrase says. */
export function text(phrase: Phrase): z.ZodString {
  const { what, test, hint, code = 'value.invalid', examples } = phrase;
  const trouble: Trouble = { is: 'not', what, code, ...(hint && { hint }) };
  const matches = test instanceof RegExp ? (value: string) => test.test(value) : test;
  return z
    .string({
      error: ({ input }) =>
        /^(number|boolean)$/.test(typeof input) && matches(String(input)) ? `${what}${QUOTED}` : what,
    })
    .refine(matches, { params: { trouble } })
    .register(z.globalRegistry, {
      ...(test instanceof RegExp && { pattern: test.source }),
      ...(examples && { examples }),
    });
}

/** A map with these keys and no others but `x-…`; all unknown keys are told, whatever else is wrong in it. */
export function closed<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).sort();
  const object = z.looseObject(shape).superRefine(
    (value, context) => {
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(shape, key) || key.startsWith('x-')) continue;
        complain(context, { is: 'unknown-key', key, known }, [key]);
      }
    },
    { when: ({ value }) => isMap(value) },
  );
  // The type says what the check does: zod's own strict object would not let `x-` keys through.
  return object;
}

/** A map from names that look as `name` says to values. */
export function table<V extends z.core.SomeType>(name: z.ZodString, value: V): z.ZodRecord<z.ZodString, V> {
  return z
    .record(z.string(), value)
    .superRefine(
      (map, context) => {
        for (const key of Object.keys(map)) {
          for (const issue of name.safeParse(key).error?.issues ?? []) {
            if (issue.code === 'custom')
              complain(context, { ...(issue.params!['trouble'] as Trouble & { is: 'not' }), of: 'key' }, [
                key,
              ]);
          }
        }
      },
      { when: ({ value: map }) => isMap(map) },
    )
    .register(z.globalRegistry, { propertyNames: { pattern: name.meta()?.['pattern'] } });
}

/** Known to the format, and refused because it is not built; `what` completes `… not built yet`: `links are`. */
export function notYet<T extends z.ZodType>(schema: T, what?: string, hint?: string): T {
  const trouble: Trouble = { is: 'not-yet', ...(what && { what }), ...(hint && { hint }) };
  return schema.superRefine((_, context) => complain(context, trouble), {
    when: ({ value }) => value !== undefined,
  });
}

/** An optional key that is not built yet. */
export function later<T extends z.ZodType>(schema: T, description: string): z.ZodOptional<T> {
  return key(notYet(schema), `${description} Not built yet.`);
}

/** A key of the Compose specification that topo does not act on: a warning. */
export const ignored = lazily(() => {
  const told = z.unknown().superRefine((_, context) => complain(context, { is: 'ignored' }), {
    when: ({ value }) => value !== undefined,
  });
  return key(told, 'A key of the Compose specification that topo does not act on.');
});

/** One value, or a list of them. */
export function oneOrMore<T extends z.ZodType>(schema: T): z.ZodUnion<[T, z.ZodArray<T>]> {
  return z.union([schema, z.array(schema).min(1)]);
}

/**
 * An optional key with its description and, where it has one, its default (for editors: nothing is filled in here). Registered, where
 * `meta` would make the schema twice: each start makes all of them.
 */
export function key<T extends z.ZodType>(
  schema: T,
  description: string,
  byDefault?: unknown,
): z.ZodOptional<T> {
  const meta = byDefault === undefined ? { description } : { description, default: byDefault };
  const optional = schema.optional();
  z.globalRegistry.add(optional, meta);
  return optional;
}

/** Reports one of our own troubles from a check. */
export function complain(context: z.RefinementCtx, trouble: Trouble, path: (string | number)[] = []): void {
  context.addIssue({ code: 'custom', params: { trouble }, path });
}

/** Whether a value of the document is a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes a schema when it is first asked for: importing this folder makes none. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
