import type { Plain } from '../locate.js';
import { withAbsolutePaths } from './absolute-paths.js';
import { inclusionsOf, isRound } from './inclusions.js';
import type { Inclusion, Project } from './inclusions.js';
import { yamlAt, yamlOf } from './loading.js';
import type { Loading, SourceFile } from './loading.js';
import { merge } from './merge.js';
import { entriesOf, itemsOf, listOf, mapOf, part, withParts } from './parts.js';
import { TOPOLOGY_RULE } from './topology-rules.js';
import { united } from './united.js';

/** What topology files say together, and the project of each stack that an included file declares. */
export interface TopologyFiles {
  readonly root: Plain;
  readonly projects: ReadonlyMap<string, Project>;
}

interface Reading {
  readonly loading: Loading;
  readonly projects: Map<string, Project>;
  /** What was included already, by its files and directory. */
  readonly included: Set<string>;
}

/** Merges topology files, each with what it includes. Undefined where the first is no file of keys, which has been told. */
export function readTopologyFiles(
  files: readonly SourceFile[],
  project: Project,
  loading: Loading,
): TopologyFiles | undefined {
  const reading: Reading = { loading, projects: new Map(), included: new Set() };
  const all = files.map(file =>
    completed(yamlOf(file, project.lookup, 'topology', loading), project, [file.path], reading),
  );
  const [first, ...more] = all;
  if (!first) return undefined;
  const root = more.reduce<Plain>(
    (base, over) => (over ? merge(base, over, TOPOLOGY_RULE, loading) : base),
    first,
  );
  return { root, projects: reading.projects };
}

/** A file with what it includes. */
function completed(
  own: Plain | undefined,
  project: Project,
  trail: readonly string[],
  reading: Reading,
): Plain | undefined {
  if (!own) return undefined;
  const parts = inclusionsOf(own, project, reading.loading).map(one => inclusion(one, trail, reading));
  return parts.reduce<Plain>((whole, more) => (more ? joined(whole, more, reading.loading) : whole), own);
}

/** What one element of `include:` says; undefined where it was included before: it counts once. */
function inclusion(
  { files, project }: Inclusion,
  trail: readonly string[],
  reading: Reading,
): Plain | undefined {
  const { loading, included } = reading;
  if (files.some(file => isRound(file, trail, loading))) return undefined;
  const key = [project.directory, ...files.map(file => file.path)].join('\0');
  if (included.has(key)) return undefined;
  included.add(key);
  const read = files.map(file =>
    completed(yamlAt(file, project.lookup, 'topology', loading), project, [...trail, file.path], reading),
  );
  const whole = read.reduce((base, over) =>
    base && over ? merge(base, over, TOPOLOGY_RULE, loading) : (base ?? over),
  );
  return whole && moved(whole, project, reading);
}

/** The stacks of an included file can be read from elsewhere: their paths are absolute, and what they were read with is known. */
function moved(whole: Plain, project: Project, { loading, projects }: Reading): Plain {
  const { origins, home } = loading;
  const stacks = part(whole, 'stacks', origins);
  if (!stacks) return whole;
  const entries = entriesOf(stacks, origins).map(([name, stack]): [string, Plain] => {
    if (!projects.has(name)) projects.set(name, project);
    return [name, withAbsolutePaths(stack, project.directory, home, origins)];
  });
  return withParts(whole, { stacks: mapOf(entries, stacks.spot, origins) }, origins);
}

/** How what an included file says is changed. */
const AMEND = 'to change what a file says, put another over it with a second -f';

/** A file with what another one says beside it: lists one after the other, and names that only one of them may give. */
function joined(own: Plain, more: Plain, loading: Loading): Plain {
  const { origins } = loading;
  const entries = new Map(entriesOf(own, origins));
  for (const [key, theirs] of entriesOf(more, origins)) {
    const ours = entries.get(key);
    if (key === 'name' || key === 'include' || key.startsWith('x-')) continue;
    if (!ours || ours.value === null) entries.set(key, theirs);
    else if (Array.isArray(ours.value))
      entries.set(key, listOf([...itemsOf(theirs, origins), ...itemsOf(ours, origins)], ours.spot, origins));
    else entries.set(key, united(ours, theirs, AMEND, loading));
  }
  return mapOf(entries, own.spot, origins);
}
