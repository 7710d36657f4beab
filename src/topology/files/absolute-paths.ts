import { absolutePath } from '../absolute-path.js';
import { isMap } from '../blocks.js';
import type { Origins, Plain } from '../locate.js';
import { changesAt, withChanges } from './changes.js';
import type { Change } from './changes.js';

/** Where a path, or a list of paths, stands in what Compose files and stacks say. */
const PATHS: readonly string[] = [
  ...['compose', 'compose.*', 'configs.*.file', 'secrets.*.file'],
  ...['env_file', 'env_file.*', 'env_file.*.path', 'label_file', 'label_file.*'].map(
    key => `services.*.${key}`,
  ),
];

/** The same for build contexts, which may be elsewhere. */
const CONTEXTS: readonly string[] = ['build', 'build.context', 'build.additional_contexts.*'].map(
  key => `services.*.${key}`,
);

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
  const absolute = (path: string): string => (path === '' ? path : absolutePath(path, directory, home));
  const ofText =
    (change: (text: string) => string): Change =>
    value =>
      typeof value === 'string' ? change(value) : value;
  const where =
    (key: string, wanted: string): Change =>
    (value, parent) =>
      typeof value === 'string' && isMap(parent) && parent[key] === wanted ? absolute(value) : value;
  const changes = changesAt([
    ...PATHS.map(path => [path, ofText(absolute)] as const),
    ...CONTEXTS.map(path => [path, ofText(text => context(text, absolute))] as const),
    ['services.*.volumes.*', ofText(text => mount(text, absolute))],
    ['services.*.volumes.*.source', where('type', 'bind')],
    // Options of the local driver that make a bind mount of a volume.
    ['volumes.*.driver_opts.device', where('o', 'bind')],
  ]);
  return withChanges(whole, changes, origins);
}

/** A build context that is no path stays: an address, a repository, a service or an image. In a list it stands behind a name. */
function context(text: string, absolute: (path: string) => string): string {
  const [, name = '', written = ''] = /^([\w.-]+=)?(.*)$/s.exec(text)!;
  return /:\/\/|^(service:|github\.com\/|git@)/.test(written) ? text : name + absolute(written);
}

/** The source of a mount is a path where it begins like one; else it is a volume. */
function mount(text: string, absolute: (path: string) => string): string {
  const [source = '', ...rest] = text.split(':');
  return rest.length > 0 && /^[.~]/.test(source) ? [absolute(source), ...rest].join(':') : text;
}
