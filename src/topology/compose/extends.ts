import { posix } from 'node:path';
import { nearest } from '../../core/index.js';
import { absolutePath } from '../absolute-path.js';
import { isMap } from '../blocks.js';
import { withAbsolutePaths } from '../files/absolute-paths.js';
import { complainAt, yamlAt } from '../files/loading.js';
import type { Loading } from '../files/loading.js';
import { merge } from '../files/merge.js';
import { entriesOf, mapOf, part, withParts } from '../files/parts.js';
import type { Plain } from '../locate.js';
import type { Lookup } from '../variables.js';
import { shown } from '../words.js';
import { SERVICE_RULES } from './rules.js';

/** Services among which `extends` looks for others, and the file that they are in. */
export interface Scope {
  /** Absolute; what `extends` calls the same file. */
  readonly file: string;
  /** What `extends: { file }` is relative to. */
  readonly directory: string;
  readonly services: Plain;
}

/** What reading the extended services of other files takes. */
export interface Extending {
  readonly loading: Loading;
  readonly lookup: Lookup;
  /** Prepares the content of another file, before anything is taken from it. */
  readonly prepare: (content: Plain) => Plain;
  /** Files that were read already, by path. */
  readonly scopes: Map<string, Scope | undefined>;
  /** Services that are complete already, by file and name. */
  readonly done: Map<string, Plain>;
}

/** Nobody means a longer chain of services. */
const MAX_CHAIN = 100;

/** Services with all that they take from others by `extends:`, by Compose's rules: what a service says itself is merged over it. */
export function withExtended(scope: Scope, extending: Extending): Plain {
  const { origins } = extending.loading;
  const all = entriesOf(scope.services, origins);
  if (!all.some(([, service]) => hasExtends(service))) return scope.services;
  const entries = all.map(([name, service]): [string, Plain] => [
    name,
    hasExtends(service) ? extended(name, service, scope, [], extending) : service,
  ]);
  return mapOf(entries, scope.services.spot, origins);
}

function hasExtends({ value }: Plain): boolean {
  return isMap(value) && Object.hasOwn(value, 'extends');
}

/** `trail`: the services that led here. */
function extended(
  name: string,
  service: Plain,
  scope: Scope,
  trail: readonly string[],
  extending: Extending,
): Plain {
  const { loading, done } = extending;
  const key = `${scope.file}\0${name}`;
  const known = done.get(key);
  if (known) return known;
  const reference = part(service, 'extends', loading.origins);
  const wanted = reference && referenceOf(reference, loading);
  if (!wanted) return service;
  const own = withParts(service, { extends: undefined }, loading.origins);
  const here = `${loading.called(scope.file)}: ${name}`;
  if (isEndless(name, here, wanted, trail, loading)) return own;
  const base = baseOf(wanted, scope, extending);
  if (!base || !isMap(base.service.value)) return own;
  const whole = hasExtends(base.service)
    ? extended(base.name, base.service, base.scope, [...trail, here], extending)
    : base.service;
  const merged = merge(whole, own, SERVICE_RULES, loading);
  // Where the service stands is where it is written, not where it takes from.
  const complete = { ...merged, spot: own.spot };
  done.set(key, complete);
  return complete;
}

/** Whether a chain of services comes round, or does not end, which is told. */
function isEndless(
  name: string,
  here: string,
  { service }: Reference,
  trail: readonly string[],
  loading: Loading,
): boolean {
  const at = trail.indexOf(here);
  if (at < 0 && trail.length <= MAX_CHAIN) return false;
  const round = [...trail.slice(at), here].join(' → ');
  const [summary, hint] =
    at < 0
      ? [`more than ${MAX_CHAIN} services extend each other`]
      : [`service ${shown(name)} extends itself`, round];
  loading.seen.gap = true;
  complainAt(loading, service.spot, 'extends.cycle', summary, { hint });
  return true;
}

interface Reference {
  readonly service: Plain;
  readonly file: Plain | undefined;
}

/** What `extends:` names; undefined where it has no form that Compose knows, which is left to the check of the file. */
function referenceOf(reference: Plain, { origins }: Loading): Reference | undefined {
  const service = typeof reference.value === 'string' ? reference : part(reference, 'service', origins);
  const file = part(reference, 'file', origins);
  const isText = typeof service?.value === 'string' && ['string', 'undefined'].includes(typeof file?.value);
  const isKnown = entriesOf(reference, origins).every(([key]) => key === 'service' || key === 'file');
  return service && isText && isKnown ? { service, file } : undefined;
}

function baseOf(
  { service, file }: Reference,
  scope: Scope,
  extending: Extending,
): { name: string; service: Plain; scope: Scope } | undefined {
  const { loading } = extending;
  const from = file ? scopeOf(file, scope, extending) : scope;
  if (!from) return undefined;
  const name = String(service.value);
  const found = part(from.services, name, loading.origins);
  if (found) return { name, service: found, scope: from };
  const near = nearest(
    name,
    entriesOf(from.services, loading.origins).map(([known]) => known),
  );
  const summary = `there is no service ${shown(name)} to extend in ${loading.called(from.file)}`;
  const hint = near && `did you mean ${shown(near)}?`;
  loading.seen.gap = true;
  return complainAt(loading, service.spot, 'name.unknown', summary, { hint });
}

/** The services of another file, with paths that are right wherever they are taken to. */
function scopeOf(file: Plain, from: Scope, extending: Extending): Scope | undefined {
  const { loading, lookup, prepare, scopes } = extending;
  const path = absolutePath(String(file.value), from.directory, loading.home);
  if (!scopes.has(path)) {
    const content = yamlAt({ path, spot: file.spot }, lookup, 'compose', loading);
    const directory = posix.dirname(path);
    const whole = content && withAbsolutePaths(prepare(content), directory, loading.home, loading.origins);
    const services = whole && part(whole, 'services', loading.origins);
    scopes.set(path, services && { file: path, directory, services });
    if (whole && !services)
      complainAt(loading, file.spot, 'name.unknown', `${loading.called(path)} has no services to extend`);
  }
  return scopes.get(path);
}
