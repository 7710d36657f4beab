import { nearest } from '../../core/index.js';
import { withAbsolutePaths } from '../files/absolute-paths.js';
import { inclusionsOf, isRound } from '../files/inclusions.js';
import type { Inclusion, Project } from '../files/inclusions.js';
import { complainAt, yamlAt } from '../files/loading.js';
import type { Loading, NamedFile } from '../files/loading.js';
import { merge } from '../files/merge.js';
import { entriesOf, listOf, mapOf, part, withParts } from '../files/parts.js';
import { united } from '../files/united.js';
import { isMap } from '../blocks.js';
import { placeOf } from '../locate.js';
import type { Plain } from '../locate.js';
import { shown } from '../words.js';
import { withCasts } from './casts.js';
import { withGivenNames, withServices } from './environment.js';
import { withExtended } from './extends.js';
import type { Scope } from './extends.js';
import { checkInclude } from './include-form.js';
import { COMPOSE_RULE, SERVICE_RULES } from './rules.js';
import { checkTopoKeys, liftTopoKeys } from './topo-keys.js';

/** What a Compose file may declare by name. */
const RESOURCES: readonly string[] = ['services', 'networks', 'volumes', 'configs', 'secrets'];
const KEYS: readonly string[] = [...RESOURCES, 'include', 'models', 'name', 'version'];

/**
 * What Compose files say together: each is interpolated, gets what it includes and what its services extend, and is merged
 * over those before it. Paths are absolute; names of the environment that stand without a value have that of the project.
 * `trail`: the files that led here by `include:`. Undefined where none could be read.
 */
export function composeModel(
  files: readonly NamedFile[],
  project: Project,
  trail: readonly string[],
  loading: Loading,
): Plain | undefined {
  const models = files.flatMap(file => fileModel(file, project, trail, loading) ?? []);
  if (models.length === 0) return undefined;
  const whole = models.reduce((base, over) => merge(base, over, COMPOSE_RULE, loading));
  const once = withServices(whole, loading.origins, service => withoutDoubles(service, loading));
  const absolute = withAbsolutePaths(once, project.directory, loading.home, loading.origins);
  return withGivenNames(absolute, project.lookup, loading.origins);
}

/** Of what stands twice in a list of a service, by what it is in the container, the last counts, in one file as in several. */
const ONCE = ['volumes', 'devices', 'configs', 'secrets', 'env_file'] as const;

function withoutDoubles(service: Plain, loading: Loading): Plain {
  const changes = ONCE.flatMap(key => {
    const list = part(service, key, loading.origins);
    if (!list || !Array.isArray(list.value) || list.value.length < 2) return [];
    const none = listOf([], list.spot, loading.origins);
    return [[key, merge(none, list, SERVICE_RULES.keys?.[key] ?? {}, loading)] as const];
  });
  return changes.length === 0 ? service : withParts(service, Object.fromEntries(changes), loading.origins);
}

function fileModel(
  file: NamedFile,
  project: Project,
  trail: readonly string[],
  loading: Loading,
): Plain | undefined {
  const { origins } = loading;
  const read = yamlAt(file, project.lookup, 'compose', loading);
  if (!read) return undefined;
  checkTop(read, loading);
  const content = prepared(read, loading);
  const own = inclusionsOf(content, project, loading).reduce(
    (whole, one) => imported(whole, one, [...trail, file.path], loading),
    content,
  );
  const services = part(own, 'services', origins);
  if (!services) return own;
  const scope: Scope = { file: file.path, directory: project.directory, services };
  const extending = { loading, lookup: project.lookup, prepare: (other: Plain) => prepared(other, loading) };
  const extended = withExtended(scope, {
    ...extending,
    scopes: new Map([[file.path, scope]]),
    done: new Map(),
  });
  return withParts(own, { services: extended }, origins);
}

/** The content of a Compose file as what follows wants it. */
function prepared(content: Plain, loading: Loading): Plain {
  checkTopoKeys(content, loading);
  return withCasts(liftTopoKeys(content, loading), loading.origins);
}

/** How what an included file says is changed. */
const AMEND = 'to change what a file says, include it with another over it: path: [theirs.yaml, ours.yaml]';

/** What an included project declares, beside what the including file does. */
function imported(
  own: Plain,
  { files, project }: Inclusion,
  trail: readonly string[],
  loading: Loading,
): Plain {
  const { origins } = loading;
  if (files.some(file => isRound(file, trail, loading))) return own;
  const model = composeModel(files, project, trail, loading);
  if (!model) return own;
  const entries = new Map(entriesOf(own, origins));
  for (const [key, theirs] of entriesOf(model, origins).filter(([name]) => RESOURCES.includes(name))) {
    const ours = entries.get(key);
    entries.set(key, ours && ours.value !== null ? united(ours, theirs, AMEND, loading) : theirs);
  }
  return mapOf(entries, own.spot, origins);
}

function checkTop(content: Plain, loading: Loading): void {
  if (content.value === null)
    complainAt(loading, content.spot, 'key.missing', 'the Compose file is empty', {
      hint: 'begin with services:',
    });
  checkInclude(content, loading);
  for (const [key, { spot, value }] of entriesOf(content, loading.origins)) {
    if (key === 'services' && value !== null && !isMap(value))
      complainAt(loading, spot, 'value.type', `"services" must be a map, not ${described(value)}`);
    const told = { severity: 'warning', code: 'key.ignored', place: placeOf(spot, 'key') } as const;
    const warn = (summary: string, hint: string): number =>
      loading.diagnostics.push({ ...told, summary, hint });
    if (key === 'version') warn('"version" says nothing any more', 'leave it out, as Compose asks for, too');
    else if (key === 'models') warn('"models" is a key of Compose that topo does not act on', 'leave it out');
    else if (!KEYS.includes(key) && !key.startsWith('x-')) unknownKey(key, { value: null, spot }, loading);
  }
}

function described(value: unknown): string {
  return Array.isArray(value) ? 'a list' : shown(String(value));
}

function unknownKey(key: string, { spot }: Plain, loading: Loading): void {
  const near = nearest(key, KEYS);
  const hint = near ? `did you mean ${shown(near)}?` : `known here: ${KEYS.join(', ')}`;
  const summary = `${shown(key)} is not a known key of a Compose file`;
  complainAt(loading, spot, 'key.unknown', summary, { hint, at: 'key' });
}
