import type { z } from 'zod';
import { nearest } from '../core/index.js';
import type { DocPath, Locate } from '../core/index.js';
import { QUOTED, isMap } from './blocks.js';
import type { Trouble } from './blocks.js';
import { valueAt } from './at.js';
import type { Finding } from './finding.js';
import { named, oneOf, shown } from './words.js';

type Issue = z.core.$ZodIssue;

/** One finding for each thing that zod or one of our own checks found wrong with `root`. */
export function findingsOf(issues: readonly Issue[], root: unknown, locate: Locate): readonly Finding[] {
  return issues.flatMap(issue => fromIssue(issue, [], { root, locate }));
}

interface Context {
  readonly root: unknown;
  readonly locate: Locate;
}

function fromIssue(issue: Issue, base: DocPath, context: Context): readonly Finding[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  const value = valueAt(context.root, path);
  switch (issue.code) {
    case 'invalid_union':
      return issue.errors.length > 0
        ? fromUnion(issue.errors, path, context)
        : [fromDiscriminator(issue, path, value, context)];
    case 'invalid_type':
      return [
        value === undefined ? missing(path, context) : mistyped(path, value, [typeWord(issue)], context),
      ];
    case 'invalid_value':
      return [
        value === undefined
          ? missing(path, context)
          : notAmong(path, value, issue.values.map(String), context),
      ];
    case 'too_small':
    case 'too_big':
      return [outOfBounds(issue, path, value, context)];
    case 'custom':
      return [troubled(issue.params?.['trouble'] as Trouble, path, value, context)];
    default:
      return [error('value.invalid', `${named(path)} is not valid: ${issue.message}`, path, context)];
  }
}

/**
 * Of a short and an object form, what is wrong with the one whose shape the value has: zod itself says no more than
 * "invalid input" of a union. Where the value has no form's shape, all that may stand there is named.
 */
function fromUnion(
  branches: readonly (readonly Issue[])[],
  path: DocPath,
  context: Context,
): readonly Finding[] {
  const expected = branches.map(rootMismatch);
  const at = expected.findIndex(words => words === undefined);
  if (at >= 0) return branches[at]!.flatMap(issue => fromIssue(issue, path, context));
  const value = valueAt(context.root, path);
  if (value === undefined) return [missing(path, context)];
  const all = [...new Set(expected.flatMap(w => w ?? []))];
  const words = all.length > 1 ? all.filter(word => word !== 'nothing') : all;
  const literals = branches.flatMap(b =>
    b.flatMap(i => (i.code === 'invalid_value' && typeof i.values[0] === 'string' ? i.values : [])),
  );
  const sameType = typeof value === 'string' && literals.length > 0;
  return [
    sameType ? notAmong(path, value, literals.map(String), context) : mistyped(path, value, words, context),
  ];
}

/** What a branch wants in place of the whole value; undefined where the value has its shape. */
function rootMismatch(issues: readonly Issue[]): string[] | undefined {
  for (const issue of issues) {
    if (issue.path.length > 0) continue;
    if (issue.code === 'invalid_type') return [typeWord(issue)];
    if (issue.code === 'invalid_value') return issue.values.map(String);
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) continue;
    const inner = issue.errors.map(rootMismatch);
    if (inner.every(words => words !== undefined)) return inner.flat();
  }
  return undefined;
}

function fromDiscriminator(
  issue: z.core.$ZodIssueInvalidUnion,
  path: DocPath,
  value: unknown,
  context: Context,
): Finding {
  const options = ('options' in issue ? (issue.options as readonly unknown[]) : []).map(String);
  if (value !== undefined) return notAmong(path, value, options, context);
  return { ...missing(path, context), hint: `${String(path.at(-1))}: ${oneOf(options)}` };
}

function missing(path: DocPath, context: Context): Finding {
  const whole = path.slice(0, -1);
  const where = whole.length === 0 ? 'the file' : named(whole);
  return {
    ...error('key.missing', `${where} has no ${named(path)}`, path, context),
    place: context.locate(whole, 'key'),
  };
}

function mistyped(path: DocPath, value: unknown, words: readonly string[], context: Context): Finding {
  const wanted = oneOf(words);
  const summary =
    value === null
      ? `${named(path)} has no value: it must be ${wanted}`
      : `${named(path)} must be ${wanted}, not ${shown(value)}`;
  return { ...error('value.type', summary, path, context), ...hinted(typeHint(value, words)) };
}

function typeHint(value: unknown, words: readonly string[]): string | undefined {
  const wants = (word: string): boolean => words.includes(word);
  const quotable = typeof value === 'number' || (typeof value === 'boolean' && words.length === 1);
  if (quotable && words.some(word => word === 'text' || word.endsWith(QUOTED)))
    return `put it in quotes: "${value}"`;
  if (typeof value === 'string') {
    if ((wants('a number') || wants('a whole number')) && /^\d+$/.test(value))
      return `without quotes: ${value}`;
    if (wants('true or false') || wants('true'))
      return /^(yes|on|y)$/i.test(value)
        ? 'write true'
        : /^(no|off|n)$/i.test(value)
          ? 'write false'
          : undefined;
  }
  if (wants('a list') && value !== null)
    return isMap(value) ? 'begin each element with "- "' : `in brackets: [${shown(value)}]`;
  return wants('a map') && Array.isArray(value) ? 'write "name: value" lines, without "- "' : undefined;
}

function notAmong(path: DocPath, value: unknown, options: readonly string[], context: Context): Finding {
  const near = typeof value === 'string' ? nearest(value, options) : undefined;
  const summary = `${named(path)} must be ${oneOf(options)}, not ${shown(value)}`;
  return { ...error('value.invalid', summary, path, context), ...hinted(near && `did you mean ${near}?`) };
}

function outOfBounds(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  path: DocPath,
  value: unknown,
  context: Context,
): Finding {
  const bound = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const side =
    'exact' in issue && issue.exact ? 'exactly' : issue.code === 'too_small' ? 'at least' : 'at most';
  const counted = Array.isArray(value) || typeof value === 'string';
  const noun = Array.isArray(value) ? 'element' : 'character';
  const summary = !counted
    ? `${named(path)} must be ${side} ${bound}, not ${shown(value)}`
    : value.length === 0 && bound === 1
      ? `${named(path)} is empty`
      : `${named(path)} must have ${side} ${bound} ${noun}${bound === 1 ? '' : 's'}, not ${value.length}`;
  return error('value.invalid', summary, path, context);
}

function troubled(trouble: Trouble, path: DocPath, value: unknown, context: Context): Finding {
  switch (trouble.is) {
    case 'not': {
      const given = trouble.of === 'key' ? path.at(-1) : value;
      const hint = typeof trouble.hint === 'function' ? trouble.hint(String(given)) : trouble.hint;

      const summary = `${shown(given)} is not ${trouble.what}`;
      return { ...error(trouble.code, summary, path, context, trouble.of), ...hinted(hint) };
    }
    case 'said':
      return { ...error(trouble.code, trouble.summary, path, context, trouble.at), ...hinted(trouble.hint) };
    case 'unknown-key': {
      const near = nearest(trouble.key, trouble.known);
      const hint = near
        ? `did you mean ${shown(near)}?`
        : trouble.known.length <= 12
          ? `known here: ${trouble.known.join(', ')}`
          : undefined;
      return {
        ...error('key.unknown', `${shown(trouble.key)} is not a known key here`, path, context, 'key'),
        ...hinted(hint),
      };
    }
    case 'not-yet': {
      const summary = trouble.what ? `${trouble.what} not built yet` : `${named(path)} is not built yet`;
      const hint = trouble.hint ?? 'topo knows the key and can not act on it yet: leave it out for now';
      return { ...error('not-yet', summary, path, context, trouble.what ? 'value' : 'key'), hint };
    }
    case 'ignored': {
      const summary = `${named(path)} is a key of Compose that topo does not act on`;
      return { ...error('key.ignored', summary, path, context, 'key'), severity: 'warning' };
    }
  }
}

function error(
  code: string,
  summary: string,
  path: DocPath,
  context: Context,
  at: 'key' | 'value' = 'value',
): Finding {
  return { severity: 'error', code, summary, path, place: context.locate(path, at) };
}

function hinted(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

/** Our own word for it where the schema has one, else that of its type. */
function typeWord({ expected, message }: z.core.$ZodIssueInvalidType): string {
  if (!message.startsWith('Invalid input')) return message;
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
    null: 'nothing',
  };
  return words[expected] ?? expected;
}
