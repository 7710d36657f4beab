import { isMap } from '../blocks.js';
import { asNames } from '../files/forms.js';
import { complainAt } from '../files/loading.js';
import type { Loading } from '../files/loading.js';
import { entriesOf, itemsOf, mapOf, part, withParts } from '../files/parts.js';
import type { Origins, Plain } from '../locate.js';
import { sharingsOf } from '../shared-namespaces.js';
import { oneOf, shown } from '../words.js';

/** A stack without the services whose profiles are all off; what needs one of those is told. */
export function withProfiles(stack: Plain, active: readonly string[], loading: Loading): Plain {
  const { origins } = loading;
  const services = part(stack, 'services', origins);
  const all = services ? entriesOf(services, origins) : [];
  const off = new Map(
    all.flatMap(([name, service]) => {
      const profiles = profilesOf(service, origins);
      const isOn = profiles.length === 0 || active.includes('*') || profiles.some(p => active.includes(p));
      return isOn ? [] : [[name, profiles] as const];
    }),
  );
  if (!services || off.size === 0) return stack;
  const entries = all
    .filter(([name]) => !off.has(name))
    .map(([name, service]): [string, Plain] => [name, withoutOff(name, service, off, loading)]);
  return withParts(stack, { services: mapOf(entries, services.spot, origins) }, origins);
}

/** The profiles of a service; none where they are not a list of texts, which the check of the service tells. */
function profilesOf(service: Plain, origins: Origins): readonly string[] {
  const profiles = part(service, 'profiles', origins)?.value;
  const isSound = Array.isArray(profiles) && profiles.every(p => typeof p === 'string');
  return isSound ? profiles : [];
}

/** As Compose: a dependency that is not required goes with the service that is off, any other is an error. */
function withoutOff(
  name: string,
  service: Plain,
  off: ReadonlyMap<string, readonly string[]>,
  loading: Loading,
): Plain {
  const { origins } = loading;
  for (const shared of sharingsOf(service.value, [])) {
    const at = part(service, shared.path[0]!, origins)!;
    if (off.has(shared.name)) needsOff(name, shared.name, at, off, loading);
  }
  const dependencies = part(service, 'depends_on', origins);
  const needed = dependencies && asNames()(dependencies, origins);
  if (!needed || !isMap(needed.value) || !Object.keys(needed.value).some(other => off.has(other)))
    return service;
  const kept = entriesOf(needed, origins).filter(([other, how]) => {
    if (!off.has(other)) return true;
    if (!isMap(how.value) || how.value['required'] !== false) needsOff(name, other, how, off, loading);
    return false;
  });
  return withParts(service, { depends_on: mapOf(kept, needed.spot, origins) }, origins);
}

function needsOff(
  name: string,
  other: string,
  { spot }: Plain,
  off: ReadonlyMap<string, readonly string[]>,
  loading: Loading,
): void {
  const profiles = off.get(other)!;
  const summary = `service ${shown(name)} needs ${shown(other)}, which is off`;
  const hint = `turn on ${oneOf(profiles.map(p => `profile ${shown(p)}`))}: profiles: [${profiles[0]}] in the stack, or COMPOSE_PROFILES`;
  complainAt(loading, spot, 'service.off', summary, { hint, at: 'key' });
}

/** The profiles that are on: those of the stack, else those of COMPOSE_PROFILES. */
export function activeProfiles(
  stack: Plain,
  fromEnvironment: string | undefined,
  origins: Origins,
): readonly string[] {
  const given = part(stack, 'profiles', origins);
  if (given && Array.isArray(given.value)) return itemsOf(given, origins).map(({ value }) => String(value));
  return (fromEnvironment ?? '').split(',').map(text => text.trim());
}
