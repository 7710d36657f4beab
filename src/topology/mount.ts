import { posix } from 'node:path';
import { z } from 'zod';
import type { MountDeclaration } from '../core/index.js';
import { absolutePath } from './absolute-path.js';
import { isMap, lazily } from './blocks.js';
import { byteCount } from './sizes.js';
import { modeNumber } from './file-mode.js';
import { expandLabels } from './environment.js';
import { given } from './given.js';
import { longMount } from './mount-long.js';
import { isPath, parseMount, shortMount } from './mount-short.js';

export type MountInput = z.input<ReturnType<typeof mountSchema>>;
type LongMount = Exclude<MountInput, string>;

/** Something mounted into a container: `[source:]target[:options]`, or a map. */
export const mountSchema = lazily(() =>
  z
    .union([shortMount(), longMount()])
    .meta({ id: 'mount', description: 'A mount: [SOURCE:]TARGET[:OPTIONS], or a map.' }),
);

/** The mount, with a relative bind source taken from `directory`. The input has been validated. */
export function expandMount(
  input: MountInput,
  directory: string,
  home: string | undefined,
): MountDeclaration {
  if (typeof input !== 'string') return expandLong(input, source => absolutePath(source, directory, home));
  const { source, target: written, options } = parseMount(input)!;
  const target = posix.normalize(written);
  const rest = { target, readOnly: options.readOnly };
  const { selinux, propagation, noCopy } = options;
  if (source === undefined) return { type: 'volume', ...rest, ...given({ noCopy }) };
  return isPath(source)
    ? {
        type: 'bind',
        source: absolutePath(source, directory, home),
        ...rest,
        ...given({ selinux, propagation }),
      }
    : { type: 'volume', source, ...rest, ...given({ noCopy }) };
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

/** Where a mount is in the container: what tells two mounts of a service apart. Takes any value. */
export function mountTarget(input: unknown): string | undefined {
  const target = typeof input === 'string' ? parseMount(input)?.target : isMap(input) && input['target'];
  return typeof target === 'string' ? posix.normalize(target) : undefined;
}

function expandLong(input: LongMount, absoluteOf: (source: string) => string): MountDeclaration {
  const { source } = input;
  const type = input.type as MountDeclaration['type'];
  return {
    type,
    target: posix.normalize(input.target),
    readOnly: input.read_only ?? false,
    ...given({ source: type === 'bind' && source !== undefined ? absoluteOf(source) : source }),
    ...bindOptions(input.bind),
    ...volumeOptions(input),
  };
}

function bindOptions(bind: LongMount['bind']): Partial<MountDeclaration> {
  return given({
    propagation: bind?.propagation,
    selinux: bind?.selinux,
    recursive: bind?.recursive === 'enabled' ? undefined : bind?.recursive,
    mustExist: bind?.create_host_path === false ? (true as const) : undefined,
  });
}

function volumeOptions({ volume, tmpfs, image }: LongMount): Partial<MountDeclaration> {
  const labels = expandLabels(volume?.labels);
  return given({
    noCopy: volume?.nocopy === true ? (true as const) : undefined,
    subpath: volume?.subpath ?? image?.subpath,
    labels: Object.keys(labels).length > 0 ? labels : undefined,
    size: tmpfs?.size === undefined ? undefined : byteCount(tmpfs.size),
    mode: tmpfs?.mode === undefined ? undefined : modeNumber(tmpfs.mode),
  });
}
