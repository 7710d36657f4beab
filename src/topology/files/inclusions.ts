import { posix } from 'node:path';
import { absolutePath } from '../absolute-path.js';
import type { Plain } from '../locate.js';
import type { Lookup } from '../variables.js';
import { layered, variablesOf } from './env-files.js';
import type { EnvFile } from './env-files.js';
import { asList } from './forms.js';
import { complainAt } from './loading.js';
import type { Loading, NamedFile } from './loading.js';
import { itemsOf, part } from './parts.js';

/** Where relative paths and variables of files are taken from. */
export interface Project {
  /** Absolute. */
  readonly directory: string;
  readonly lookup: Lookup;
}

/** One element of `include:`: files that are merged, and what they are read with. */
export interface Inclusion {
  readonly files: readonly NamedFile[];
  readonly project: Project;
}

/**
 * What the `include:` of a file names, in its short and long forms, with Compose's rules: paths are relative to the project of the
 * including file; those in the included ones to `project_directory`, else to the first of them; variables are those of the
 * surroundings, then of the including project, then of `env_file`, else of a `.env` in its directory. What has another form
 * is left to whoever checks the file.
 */
export function inclusionsOf(whole: Plain, project: Project, loading: Loading): readonly Inclusion[] {
  const { origins } = loading;
  const include = part(whole, 'include', origins);
  if (!include) return [];
  return itemsOf(asList(include, origins), origins).flatMap(item => {
    const files = filesOf(
      typeof item.value === 'string' ? item : part(item, 'path', origins),
      project,
      loading,
    );
    const [first] = files;
    if (!first) return [];
    const given = part(item, 'project_directory', origins)?.value;
    const directory =
      typeof given === 'string' && given !== ''
        ? absolutePath(given, project.directory, loading.home)
        : posix.dirname(first.path);
    const env = envFilesOf(item, first, directory, project, loading);
    const lookup = layered(project.lookup, variablesOf(env, project.lookup, loading));
    return [{ files, project: { directory, lookup } }];
  });
}

/** The files that a text, or a list of texts, names. */
export function filesOf(paths: Plain | undefined, project: Project, loading: Loading): readonly NamedFile[] {
  if (!paths) return [];
  return itemsOf(asList(paths, loading.origins), loading.origins).flatMap(({ value, spot }) =>
    typeof value === 'string' && value !== ''
      ? [{ path: absolutePath(value, project.directory, loading.home), spot }]
      : [],
  );
}

function envFilesOf(
  item: Plain,
  first: NamedFile,
  directory: string,
  project: Project,
  loading: Loading,
): readonly EnvFile[] {
  const given = filesOf(part(item, 'env_file', loading.origins), project, loading);
  if (given.length === 0 && loading.readFile(first.path).is !== 'text') return [];
  if (given.length === 0) return [{ path: posix.join(directory, '.env'), spot: item.spot, required: false }];
  return given.filter(file => file.path !== '/dev/null').map(file => ({ ...file, required: true }));
}

/** Whether a file is among those that led to it, which is told. */
export function isRound({ path, spot }: NamedFile, trail: readonly string[], loading: Loading): boolean {
  const at = trail.indexOf(path);
  if (at < 0) return false;
  const hint = [...trail.slice(at), path].map(loading.called).join(' → ');
  complainAt(loading, spot, 'include.cycle', `${loading.called(path)} includes itself`, { hint });
  return true;
}
