import { split } from 'shlex';
import { z } from 'zod';
import { complain, lazily } from './blocks.js';

/** A command or entrypoint: one text that is split into words as a shell does, or a list of words; null is the image's own. */
export const commandSchema = lazily(() =>
  z.union([
    z.null(),
    z.string().superRefine((value, context) => {
      if (words(value) !== undefined) return;
      complain(context, {
        is: 'not',
        what: 'a command: a quote is opened and never closed',
        code: 'value.invalid',
        hint: 'a list of words needs no quotes',
      });
    }),
    z.array(z.string()),
  ]),
);

/** The words; undefined where the image's own are meant. The input has been validated. */
export function expandCommand(
  input: string | readonly string[] | null | undefined,
): readonly string[] | undefined {
  if (input === null || input === undefined) return undefined;
  return typeof input === 'string' ? words(input) : input;
}

function words(text: string): readonly string[] | undefined {
  try {
    return split(text);
  } catch {
    return undefined;
  }
}
