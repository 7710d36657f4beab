import { absolutePath } from '../absolute-path.js';
import { isMap } from '../blocks.js';
import type { Origins, Plain } from '../locate.js';
import { entriesOf, itemsOf, listOf, mapOf, part, withParts } from './parts.js';

/** Where paths stand in what Compose files and stacks say; `*` is any key or element, and a path may also be a list of paths. */
const PATHS: readonly string[] = [
  'compose',
  'services.*.build',
  'services.*.build.context',
  'services.*.build.additional_contexts.*',
  'services.*.env_file',
  'services.*.env_file.*.path',
  'services.*.label_file',
  'services.*.volumes.*',
  'configs.*.file',
  'secrets.*.file',
  'volumes.*.driver_opts',
];

/** The directory that relative paths are taken from, and the operator's home. */
interface From {
  readonly directory: string;
  readonly home: string | undefined;
  readonly origins: Origins;
}

/**
 * A stack, or the content of a Compose file, with the paths in it absolute (as compose-go's `paths` has them): what is
 * merged from several directories must not be taken from one.
 */
export function withAbsolutePaths(
  whole: Plain,
  directory: string,
  home: string | undefined,
  origins: Origins,
): Plain {
  const from: From = { directory, home, origins };
  return PATHS.reduce((plain, path) => at(plain, path.split('.'), path, from), whole);
}

/** A value with what is at the rest of a path in it made absolute. */
function at(plain: Plain, [step, ...rest]: readonly string[], path: string, from: From): Plain {
  const { origins } = from;
  if (step === undefined) return made(plain, path, from);
  if (step === '*' && Array.isArray(plain.value)) {
    const items = itemsOf(plain, origins);
    const changed = items.map(item => at(item, rest, path, from));
    return isSame(items, changed) ? plain : listOf(changed, plain.spot, origins);
  }
  if (!isMap(plain.value) || (step !== '*' && !part(plain, step, origins))) return plain;
  const entries = entriesOf(plain, origins);
  const changed = entries.map(
    ([key, item]) => [key, step === '*' || key === step ? at(item, rest, path, from) : item] as const,
  );
  const [before, after] = [entries, changed].map(list => list.map(entry => entry[1]));
  return isSame(before!, after!) ? plain : mapOf(changed, plain.spot, origins);
}

function isSame(before: readonly Plain[], after: readonly Plain[]): boolean {
  return after.every((item, i) => item.value === before[i]!.value);
}

function made(plain: Plain, path: string, from: From): Plain {
  const { value, spot } = plain;
  const { origins } = from;
  if (path === 'services.*.volumes.*') return mount(plain, from);
  if (path === 'volumes.*.driver_opts') return device(plain, from);
  if (Array.isArray(value)) {
    const items = itemsOf(plain, origins);
    const changed = items.map(item => made(item, path, from));
    return isSame(items, changed) ? plain : listOf(changed, spot, origins);
  }
  if (typeof value !== 'string') return plain;
  // The list form of additional contexts: NAME=PATH.
  const [, name = '', written = ''] = /^([\w.-]+=)?(.*)$/s.exec(value)!;
  if (written === '' || (path.startsWith('services.*.build') && isElsewhere(written))) return plain;
  return { value: name + absolutePath(written, from.directory, from.home), spot };
}

/** A build context that is no path: an address, a repository, a service or an image. */
function isElsewhere(context: string): boolean {
  return /:\/\/|^(service:|github\.com\/|git@)/.test(context);
}

/** A bind mount with its source absolute; a name without a slash in it is a volume, not a path. */
function mount(plain: Plain, { directory, home, origins }: From): Plain {
  const { value, spot } = plain;
  if (typeof value === 'string') {
    const [source = '', ...rest] = value.split(':');
    if (rest.length === 0 || !/^[.~]/.test(source)) return plain;
    return { value: [absolutePath(source, directory, home), ...rest].join(':'), spot };
  }
  const source = part(plain, 'source', origins);
  if (!isMap(value) || value['type'] !== 'bind' || typeof source?.value !== 'string') return plain;
  return withParts(
    plain,
    { source: { ...source, value: absolutePath(source.value, directory, home) } },
    origins,
  );
}

/** Options of the local driver that make a bind mount of a volume. */
function device(plain: Plain, { directory, home, origins }: From): Plain {
  const path = part(plain, 'device', origins);
  if (part(plain, 'o', origins)?.value !== 'bind' || typeof path?.value !== 'string') return plain;
  return withParts(plain, { device: { ...path, value: absolutePath(path.value, directory, home) } }, origins);
}
