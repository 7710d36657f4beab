import { posix } from 'node:path';
import { z } from 'zod';
import type { MountDeclaration } from '../core/index.js';
import { closed, complain, ignored, isMap, key, later, lazily, text } from './blocks.js';

export type MountInput = z.input<ReturnType<typeof mountSchema>>;

/** Something mounted into a container: `[source:]target[:ro]`, or a map. */
export const mountSchema = lazily(() =>
  z
    .union([shortMount(), longMount()])
    .meta({ id: 'mount', description: 'A mount: [SOURCE:]TARGET[:ro], or a map.' }),
);

/** The mount, with a relative bind source taken from `directory`. The input has been validated. */
export function expandMount(
  input: MountInput,
  directory: string,
  home: string | undefined,
): MountDeclaration {
  if (typeof input !== 'string') {
    const { type, source, target, read_only: readOnly = false } = input;
    const from = type === 'bind' && source !== undefined ? absolute(source, directory, home) : source;
    return { type, ...(from !== undefined && { source: from }), target, readOnly };
  }
  const { source, target, mode } = parseMount(input)!;
  const rest = { target, readOnly: mode.includes('ro') };
  if (source === undefined) return { type: 'volume', ...rest };
  return isPath(source)
    ? { type: 'bind', source: absolute(source, directory, home), ...rest }
    : { type: 'volume', source, ...rest };
}

/** The key of the stack's volume that a mount names; undefined for binds, tmpfs and anonymous volumes. Takes any value. */
export function volumeOf(input: unknown): string | undefined {
  if (typeof input === 'string') {
    const source = parseMount(input)?.source;
    return source === undefined || isPath(source) ? undefined : source;
  }
  return isMap(input) && input['type'] === 'volume' && typeof input['source'] === 'string'
    ? input['source']
    : undefined;
}

function shortMount() {
  return z
    .string()
    .superRefine((value, context) => {
      const mount = parseMount(value);
      if (!mount) {
        complain(context, {
          is: 'not',
          what: 'a mount ([SOURCE:]TARGET[:ro])',
          code: 'value.invalid',
          hint: 'the target is an absolute path in the container, such as data:/var/lib/data',
        });
        return;
      }
      for (const mode of mount.mode.filter(m => m !== 'ro' && m !== 'rw')) {
        complain(context, {
          is: 'not-yet',
          what: `the mount option ${JSON.stringify(mode)} is`,
          hint: 'ro and rw are there',
        });
      }
    })
    .meta({ examples: ['data:/var/lib/data', '/etc/localtime:/etc/localtime:ro'] });
}

function longMount() {
  return closed({
    type: z.enum(['volume', 'bind', 'tmpfs']).describe('What is mounted.'),
    source: key(z.string().min(1), "A volume of the stack, or a path on the engine's host."),
    target: text({ what: 'an absolute path in the container', test: /^\/[^\0\n]*$/ }).describe(
      'Where, in the container.',
    ),
    read_only: key(z.boolean(), 'Whether the container can not write to it.', false),
    bind: later(z.looseObject({}), 'Options of a bind.'),
    volume: later(z.looseObject({}), 'Options of a volume.'),
    tmpfs: later(z.looseObject({}), 'Options of a tmpfs.'),
    consistency: ignored(),
  }).superRefine(
    (value, context) => {
      if (!isMap(value)) return;
      const summary = 'a bind mount without a source';
      if (value.type === 'bind' && value.source === undefined)
        complain(context, {
          is: 'said',
          code: 'key.missing',
          summary,
          hint: 'source: a path on the host of the engine',
        });
      if (value.type === 'tmpfs' && value.source !== undefined)
        complain(context, { is: 'said', code: 'key.conflict', summary: 'a tmpfs has no source' }, ['source']);
    },
    { when: ({ value }) => isMap(value) },
  );
}

function parseMount(text: string): { source?: string; target: string; mode: readonly string[] } | undefined {
  const parts = text.split(':');
  const mode = parts.length > 1 && !parts.at(-1)!.startsWith('/') ? parts.pop()!.split(',') : [];
  const target = parts.pop() ?? '';
  const source = parts.pop();
  const wrongSource = source !== undefined && !/^([~./]|[a-zA-Z0-9][a-zA-Z0-9._-]*$)/.test(source);
  if (parts.length > 0 || !target.startsWith('/') || /[\0\n]/.test(text) || wrongSource) return undefined;
  return { ...(source !== undefined && { source }), target, mode };
}

function isPath(source: string): boolean {
  return /^[~./]/.test(source);
}

/** As `docker --context` does: the operator's directory names the path, the engine's host is where it is looked for. */
function absolute(source: string, directory: string, home = '/root'): string {
  const path = source === '~' || source.startsWith('~/') ? posix.join(home, source.slice(1)) : source;
  return posix.resolve(directory, path);
}
