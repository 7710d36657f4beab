import { posix } from 'node:path';
import { isMap } from '../blocks.js';
import { layered, variablesOf } from '../files/env-files.js';
import { filesOf } from '../files/inclusions.js';
import type { Project } from '../files/inclusions.js';
import type { Loading, NamedFile } from '../files/loading.js';
import { merge } from '../files/merge.js';
import { entriesOf, mapOf, part, withParts } from '../files/parts.js';
import type { Plain } from '../locate.js';
import type { Lookup } from '../variables.js';
import { withEnvFile, withGivenNames, withLabelFile, withServices } from './environment.js';
import { withExtended } from './extends.js';
import type { Scope } from './extends.js';
import { composeModel } from './model.js';
import { activeProfiles, withProfiles } from './profiles.js';
import { namedProject } from './project-name.js';
import { COMPOSE_RULE } from './rules.js';
import { liftTopoKeys } from './topo-keys.js';

/** What all stacks of a topology are completed with. */
export interface Completing {
  readonly loading: Loading;
  /** Variables of the process: those that Compose files are read with, before their own `.env`. */
  readonly process: Lookup;
  /** The project of the topology file, and those of stacks that included files declare. */
  readonly main: Project;
  readonly projects: ReadonlyMap<string, Project>;
  /** Gets the variables of stacks that have others than the topology file. */
  readonly lookups: Map<string, Lookup>;
}

/** Keys of a service for which something may have to be read or taken from elsewhere. */
const WORK: readonly string[] = [
  ...['build', 'env_file', 'environment', 'extends', 'label_file', 'profiles', 'x-topo'],
];

/**
 * A topology with its stacks complete: what their Compose files say, with the stack's own keys merged over it; what services
 * extend; the variables of their `env_file` and the labels of their `label_file`; without those whose profiles are off.
 */
export function withCompleteStacks(root: Plain, completing: Completing): Plain {
  const { origins } = completing.loading;
  const stacks = part(root, 'stacks', origins);
  const topology = part(root, 'name', origins)?.value;
  const all = stacks ? entriesOf(stacks, origins) : [];
  const entries = all.map(([name, stack]): [string, Plain] => {
    const project = `${String(topology)}-${name}`;
    return [
      name,
      completing.projects.has(name) || needsWork(stack) ? complete(stack, name, project, completing) : stack,
    ];
  });
  if (!stacks || entries.every(([, stack], i) => stack === all[i]![1])) return root;
  return withParts(root, { stacks: mapOf(entries, stacks.spot, origins) }, origins);
}

function needsWork({ value }: Plain): boolean {
  if (!isMap(value)) return false;
  const { compose, services, networks } = value;
  const inside = [services, networks].flatMap(map => (isMap(map) ? Object.values(map) : []));
  return compose !== undefined || inside.some(one => isMap(one) && WORK.some(key => Object.hasOwn(one, key)));
}

function complete(stack: Plain, name: string, byDefault: string, completing: Completing): Plain {
  const { loading, main, projects, lookups } = completing;
  const { origins } = loading;
  const project = projects.get(name) ?? main;
  const compose = part(stack, 'compose', origins);
  const files = filesOf(compose, project, loading);
  const from = files.length > 0 ? composeContent(files, stack, byDefault, completing) : undefined;
  const own = withOwnExtended(liftTopoKeys(stack, loading), from?.content, project, loading);
  const inline = files.length > 0 ? withParts(own, { compose: undefined }, origins) : own;
  const whole = from?.content ? merge(from.content, inline, COMPOSE_RULE, loading) : inline;
  const lookup = from?.lookup ?? project.lookup;
  if (lookup !== main.lookup) lookups.set(name, lookup);
  const active = activeProfiles(whole, lookup('COMPOSE_PROFILES'), origins);
  const on = withProfiles(whole, active, loading);
  const given = withEnvFiles(on, { directory: project.directory, lookup }, loading);
  return { value: given.value, spot: stack.spot };
}

/** What the Compose files of a stack say, and the variables that they were read with, as `docker compose -f` has them. */
function composeContent(
  files: readonly NamedFile[],
  stack: Plain,
  byDefault: string,
  { loading, process }: Completing,
): { content: Plain | undefined; lookup: Lookup } {
  const { origins } = loading;
  const directory = posix.dirname(files[0]!.path);
  const dotenv = { path: posix.join(directory, '.env'), spot: files[0]!.spot, required: false };
  const known = layered(process, variablesOf([dotenv], process, loading));
  const given = part(stack, 'project', origins)?.value;
  const named = typeof given === 'string' ? undefined : namedProject(files, known, loading);
  const projectName = typeof given === 'string' ? given : (named?.name ?? byDefault);
  const lookup: Lookup = name => (name === 'COMPOSE_PROJECT_NAME' ? projectName : known(name));
  const model = composeModel(files, { directory, lookup }, [], loading);
  const entries = model
    ? entriesOf(model, origins).filter(([key]) => !['include', 'name', 'version', 'models'].includes(key))
    : [];
  const content = [
    ...entries.filter(([key]) => !key.startsWith('x-')),
    ...(named ? [['project', { value: named.name, spot: named.spot }] as const] : []),
  ];
  return { content: model && mapOf(content, model.spot, origins), lookup };
}

/** A stack's own services with what they extend, among themselves and those of its Compose files. */
function withOwnExtended(
  stack: Plain,
  content: Plain | undefined,
  project: Project,
  loading: Loading,
): Plain {
  const { origins } = loading;
  const services = part(stack, 'services', origins);
  if (!services || !isMap(services.value)) return stack;
  const own = entriesOf(services, origins);
  const others = content && part(content, 'services', origins);
  const all = new Map([...(others ? entriesOf(others, origins) : []), ...own]);
  const file = services.spot.source.file;
  const scope: Scope = { file, directory: project.directory, services: mapOf(all, services.spot, origins) };
  const extending = {
    loading,
    lookup: project.lookup,
    prepare: (other: Plain) => liftTopoKeys(other, loading),
    scopes: new Map(),
    done: new Map(),
  };
  const extended = withExtended(scope, extending);
  if (extended === scope.services) return stack;
  const names = new Set(own.map(([name]) => name));
  const mine = entriesOf(extended, origins).filter(([name]) => names.has(name));
  return withParts(stack, { services: mapOf(mine, services.spot, origins) }, origins);
}

function withEnvFiles(stack: Plain, project: Project, loading: Loading): Plain {
  const { origins } = loading;
  const whole = withServices(stack, origins, service =>
    withLabelFile(withEnvFile(service, project, loading), project, loading),
  );
  return withGivenNames(whole, project.lookup, origins);
}
