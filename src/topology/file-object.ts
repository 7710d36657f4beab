import { posix } from 'node:path';
import { z } from 'zod';
import type { FileDeclaration, FileUse } from '../core/index.js';
import { absolutePath } from './absolute-path.js';
import { closed, complain, ignored, isMap, key, lazily, text } from './blocks.js';
import { externalSchema, isExternal } from './engine-object.js';
import { fileMode, modeNumber } from './file-mode.js';
import { given } from './given.js';
import { engineName } from './phrases.js';
import type { Surroundings } from './surroundings.js';

export type FileInput = z.input<ReturnType<typeof configSchema>>;
export type FileUseInput = z.input<ReturnType<typeof fileUseSchema>>;

/** A config of a stack: one of `file`, `content`, `environment`. */
export const configSchema = lazily(() =>
  fileObject('config', closed({ ...fileKeys(), content: key(z.string(), 'The content itself.') })),
);

/** A secret of a stack: one of `file`, `environment`. */
export const secretSchema = lazily(() => fileObject('secret', closed(fileKeys())));

/** How a service has a config or a secret: its name, or a map. */
export const fileUseSchema = lazily(() =>
  z.union([
    z.string(),
    closed({
      source: z.string().describe('Its name in the stack.'),
      target: key(z.string().min(1), 'Where, in the container.'),
      uid: key(owner(), 'Whose it is, as a number.', '0'),
      gid: key(owner(), 'Whose group it is, as a number.', '0'),
      mode: key(fileMode(), 'Its mode; that of a program has x as well.', '0444'),
    }),
  ]),
);

/** The input has been validated. */
export function expandFile(input: FileInput, { directory, home, variable }: Surroundings): FileDeclaration {
  const { file, content, environment } = input;
  if (isExternal(input.external)) return { is: 'external' };
  if (file !== undefined) return { is: 'file', path: absolutePath(file, directory, home) };
  if (content !== undefined) return { is: 'content', text: content };
  const value = variable(environment!);
  return value === undefined ? { is: 'unset', variable: environment! } : { is: 'content', text: value };
}

/** With Compose's places: a config is in the root, a secret in /run/secrets. The input has been validated. */
export function expandFileUse(from: FileUse['from'], input: FileUseInput): FileUse {
  const { source, target = source, uid, gid, mode } = typeof input === 'string' ? { source: input } : input;
  return {
    from,
    source,
    target: posix.resolve(from === 'secret' ? '/run/secrets' : '/', target),
    ...given({
      uid: uid === undefined ? undefined : Number(uid),
      gid: gid === undefined ? undefined : Number(gid),
      mode: mode === undefined ? undefined : modeNumber(mode),
    }),
  };
}

function fileKeys() {
  return {
    file: key(z.string().min(1), 'A file of this machine.'),
    environment: key(z.string().min(1), 'A variable of this environment, or of .env.'),
    external: key(externalSchema(), 'Whether it is kept by a swarm.', false),
    name: key(engineName(), 'Of no effect but in a swarm.'),
    labels: ignored(),
    driver: ignored(),
    driver_opts: ignored(),
    template_driver: ignored(),
  };
}

const SOURCES = ['file', 'content', 'environment', 'external'];

function fileObject<T extends z.ZodType>(noun: string, schema: T): T {
  return schema
    .superRefine((value, context) => checkOneSource(noun, value, context), {
      when: ({ value }) => isMap(value),
    })
    .meta({ id: noun, description: `A ${noun}: a file that is copied into containers before they start.` });
}

function checkOneSource(noun: string, value: unknown, context: z.RefinementCtx): void {
  if (!isMap(value)) return;
  const [first, second] = SOURCES.filter(name => value[name] !== undefined && value[name] !== false);
  if (first === undefined) {
    const hint = `it has one of file, ${noun === 'config' ? 'content, ' : ''}environment`;
    complain(context, { is: 'said', code: 'key.missing', summary: `a ${noun} without a source`, hint });
  }
  if (second === undefined) return;
  const summary = `a ${noun} has one source, and this one has ${first} and ${second}`;
  complain(context, { is: 'said', code: 'key.conflict', summary, hint: 'leave one out', at: 'key' }, [
    second,
  ]);
}

function owner() {
  return z.union([
    z.int().min(0),
    text({ what: 'a number of a user or group (names are not known here)', test: /^\d{1,10}$/ }),
  ]);
}
