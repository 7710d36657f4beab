import { isMap } from '../blocks.js';
import { variablesOf } from '../files/env-files.js';
import type { EnvFile } from '../files/env-files.js';
import { asEntries, asList } from '../files/forms.js';
import type { Project } from '../files/inclusions.js';
import type { Loading } from '../files/loading.js';
import { entriesOf, itemsOf, mapOf, part, withParts } from '../files/parts.js';
import { absolutePath } from '../absolute-path.js';
import type { Origins, Plain } from '../locate.js';
import type { Lookup } from '../variables.js';

/** Services whose names of the environment, and of build arguments, have the project's value where they stand without one. */
export function withGivenNames(whole: Plain, lookup: Lookup, origins: Origins): Plain {
  const within = (plain: Plain, key: string): Plain => {
    const given = part(plain, key, origins);
    const found = given && withValues(given, lookup, origins);
    return found ? withParts(plain, { [key]: found }, origins) : plain;
  };
  return withServices(whole, origins, service => {
    const build = part(service, 'build', origins);
    const built = build && within(build, 'args');
    const own = within(service, 'environment');
    return built === build ? own : withParts(own, { build: built }, origins);
  });
}

/** The services of a whole, each as it comes back; those that come back as they are stay. */
export function withServices(whole: Plain, origins: Origins, change: (service: Plain) => Plain): Plain {
  const services = part(whole, 'services', origins);
  if (!services || !isMap(services.value)) return whole;
  const changes = entriesOf(services, origins).flatMap(([name, service]) => {
    const changed = change(service);
    return changed === service ? [] : [[name, changed] as const];
  });
  if (changes.length === 0) return whole;
  return withParts(whole, { services: withParts(services, Object.fromEntries(changes), origins) }, origins);
}

/** An environment with values for those of its names that have none and get one; undefined where there is none such. */
function withValues(environment: Plain, lookup: Lookup, origins: Origins): Plain | undefined {
  const { value } = environment;
  const isBare = (one: unknown): boolean =>
    one === null || (Array.isArray(value) && typeof one === 'string' && !one.includes('='));
  if (typeof value !== 'object' || value === null || !Object.values(value).some(isBare)) return undefined;
  const map = asEntries(environment, origins);
  const changes = entriesOf(map, origins).flatMap(([name, { value, spot }]) => {
    const found = value === null ? lookup(name) : undefined;
    return found === undefined ? [] : [[name, { value: found, spot }] as const];
  });
  return changes.length > 0 ? withParts(map, Object.fromEntries(changes), origins) : undefined;
}

/**
 * A service with the variables of its `env_file` in its environment, under what that says itself. Where it has none, or
 * one that is not as it must be, it comes back as it is.
 */
export function withEnvFile(service: Plain, { directory, lookup }: Project, loading: Loading): Plain {
  const { origins } = loading;
  const given = part(service, 'env_file', origins);
  const files =
    given && itemsOf(asList(given, origins), origins).map(one => envFile(one, directory, loading));
  if (!given || !files || files.length === 0 || files.includes(undefined)) return service;
  const environment = part(service, 'environment', origins);
  const own = environment && asEntries(environment, origins);
  if (own && own.value !== null && !isMap(own.value)) return service;
  // As compose-go: the project's variables first, then what the service says itself.
  const known = new Map(own ? entriesOf(own, origins).map(([name, { value }]) => [name, value]) : []);
  const inService: Lookup = name => {
    const value = lookup(name) ?? known.get(name);
    return value === undefined || value === null ? undefined : String(value);
  };
  const found = variablesOf(
    files.filter(file => file !== undefined),
    inService,
    loading,
  );
  return withParts(service, { environment: beneath(found, given, own, origins) }, origins);
}

/** What files give, with what is said beside them over it. */
function beneath(
  found: ReadonlyMap<string, string>,
  given: Plain,
  own: Plain | undefined,
  origins: Origins,
): Plain {
  const entries = new Map(
    [...found].map(([name, value]): [string, Plain] => [name, { value, spot: given.spot }]),
  );
  for (const [name, one] of own ? entriesOf(own, origins) : []) entries.set(name, one);
  return mapOf(entries, (own ?? given).spot, origins);
}

/** A service with the labels of its `label_file` under its own. They know the variables of the files before them and no others, as in Compose. */
export function withLabelFile(service: Plain, { directory }: Project, loading: Loading): Plain {
  const { origins, home } = loading;
  const given = part(service, 'label_file', origins);
  const paths = given ? itemsOf(asList(given, origins), origins) : [];
  if (!given || !paths.every(({ value }) => typeof value === 'string' && value !== '')) return service;
  const labels = part(service, 'labels', origins);
  const own = labels && asEntries(labels, origins);
  if (own && own.value !== null && !isMap(own.value)) return service;
  const files = paths.map(({ value, spot }) => {
    return { path: absolutePath(String(value), directory, home), spot, required: true };
  });
  const found = variablesOf(files, () => undefined, loading);
  return withParts(service, { labels: beneath(found, given, own, origins) }, origins);
}

function envFile(one: Plain, directory: string, { origins, home }: Loading): EnvFile | undefined {
  const path = typeof one.value === 'string' ? one : part(one, 'path', origins);
  if (typeof path?.value !== 'string' || path.value === '') return undefined;
  const required = part(one, 'required', origins)?.value ?? true;
  const format = part(one, 'format', origins)?.value;
  const isKnown = typeof required === 'boolean' && (format === undefined || format === 'raw');
  if (!isKnown) return undefined;
  const absolute = absolutePath(path.value, directory, home);
  return { path: absolute, spot: path.spot, required, raw: format === 'raw' };
}
