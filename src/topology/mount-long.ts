import { z } from 'zod';
import { closed, complain, isMap, key, text } from './blocks.js';
import { bytes } from './sizes.js';
import { fileMode } from './file-mode.js';
import { environmentSchema } from './environment.js';

/** Which mounts below a bind get through, and which way. */
export const PROPAGATIONS = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'] as const;
export type Propagation = (typeof PROPAGATIONS)[number];

const TYPES = ['volume', 'bind', 'tmpfs', 'image', 'npipe', 'cluster'] as const;

/** A mount as a map. */
export function longMount() {
  return closed({
    type: z.enum(TYPES).describe('What is mounted.'),
    source: key(z.string().min(1), "A volume of the stack, a path on the engine's host, or an image."),
    target: text({ what: 'an absolute path in the container', test: /^\/[^\0\n]*$/ }).describe(
      'Where, in the container.',
    ),
    read_only: key(z.boolean(), 'Whether the container can not write to it.', false),
    bind: key(bindOptions(), 'Options of a bind.'),
    volume: key(volumeOptions(), 'Options of a volume.'),
    tmpfs: key(tmpfsOptions(), 'Options of a tmpfs.'),
    image: key(closed({ subpath: key(z.string().min(1), 'What of the image.') }), 'Options of an image.'),
    consistency: key(z.string(), 'Of no effect.'),
  }).superRefine(checkLongMount, { when: ({ value }) => isMap(value) });
}

function bindOptions() {
  return closed({
    propagation: key(z.enum(PROPAGATIONS), 'Which mounts below it get through, and which way.', 'rprivate'),
    create_host_path: key(z.boolean(), 'Whether a source that is not there becomes a directory.', true),
    recursive: key(z.enum(['enabled', 'disabled', 'writable', 'readonly']), 'What of mounts below it.'),
    selinux: key(z.enum(['z', 'Z']), 'The SELinux label that its files get: shared, or its own.'),
  });
}

function volumeOptions() {
  return closed({
    nocopy: key(
      z.boolean(),
      "Whether an empty volume stays so, instead of getting the image's files.",
      false,
    ),
    subpath: key(z.string().min(1), 'What of the volume.'),
    labels: key(environmentSchema(), 'Labels of an anonymous volume.'),
  });
}

function tmpfsOptions() {
  return closed({
    size: key(bytes(), 'How large it may become.'),
    mode: key(fileMode(), 'The mode of its directory.', '1777'),
  });
}

function checkLongMount(value: Record<string, unknown>, context: z.RefinementCtx): void {
  const { type, source } = value;
  if (type === 'npipe' || type === 'cluster') {
    const summary = type === 'npipe' ? 'a named pipe is of Windows' : 'a cluster volume is of a swarm';
    complain(context, { is: 'said', code: 'value.invalid', summary, hint: 'use a volume or a bind' }, [
      'type',
    ]);
  }
  if ((type === 'bind' || type === 'image') && source === undefined)
    complain(context, {
      is: 'said',
      code: 'key.missing',
      summary: type === 'bind' ? 'a bind mount without a source' : 'an image mount without a source',
      hint: type === 'bind' ? 'source: a path on the host of the engine' : 'source: the image',
    });
  if (type === 'tmpfs' && source !== undefined)
    complain(context, { is: 'said', code: 'key.conflict', summary: 'a tmpfs has no source' }, ['source']);
  for (const other of ['bind', 'volume', 'tmpfs', 'image'])
    if (other !== type && value[other] !== undefined && TYPES.some(t => t === type))
      complain(context, { is: 'ignored' }, [other]);
}
