import { topologicalOrder } from '../core/index.js';
import type { DocPath, Locate } from '../core/index.js';
import { entriesAt, valueAt } from './at.js';
import type { Finding } from './finding.js';
import { sharingsOf } from './shared-namespaces.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** One service that another one names as what must come first. */
export interface Need {
  readonly name: string;
  readonly path: DocPath;
  readonly at: 'key' | 'value';
}

/** What a service's `depends_on` names, in either form. Takes any document. */
export function dependenciesOf(root: unknown, service: DocPath): readonly Need[] {
  const path = [...service, 'depends_on'];
  const value = valueAt(root, path);
  if (Array.isArray(value))
    return value.flatMap((name, i) =>
      typeof name === 'string' ? [{ name, path: [...path, i], at: 'value' }] : [],
    );
  return entriesAt(root, path).map(([name]) => ({ name, path: [...path, name], at: 'key' }));
}

/** Services of a stack that wait for each other in a ring, by `depends_on` or a shared namespace: none of them could start first. */
export function checkRings(root: unknown, stack: DocPath, locate: Locate): readonly Finding[] {
  const services = [...stack, 'services'];
  const needs = new Map(
    entriesAt(root, services).map(([key]) => [key, needsOf(root, [...services, key])] as const),
  );
  const own = [...needs].flatMap(([key, all]) => all.filter(need => need.name === key));
  const alone = own.map(need => ring([need.name, need.name], [need], locate));
  const others = [...needs].map(([key, all]) => ({
    key,
    after: all.map(n => n.name).filter(name => name !== key),
  }));
  const order = topologicalOrder(others);
  if (!('cycle' in order)) return alone;
  const links = linksOf(order.cycle, needs);
  return [...alone, ring([...links.map(l => l.from), links[0]!.from], links, locate)];
}

/** Services that are to be healthy and can't ever be. */
export function checkHealthy(sight: Sight): readonly Finding[] {
  return Object.entries(sight.topology.stacks).flatMap(([stack, { services }]) =>
    Object.keys(services).flatMap(key => {
      const path = ['stacks', stack, 'services', key];
      return dependenciesOf(sight.root, path).flatMap((need): readonly Finding[] => {
        const isHealth = services[key]!.dependsOn[need.name]?.condition === 'healthy';
        const test = services[need.name]?.settings.healthcheck?.test;
        if (!isHealth || test?.[0] !== 'NONE') return [];
        const summary = `service "${need.name}" is to be healthy first, and its healthcheck is turned off`;
        return [
          clash(sight, 'key.conflict', summary, need.path, {
            at: need.at,
            hint: 'give it one, or let condition be service_started',
          }),
        ];
      });
    }),
  );
}

function needsOf(root: unknown, service: DocPath): readonly Need[] {
  const shared = sharingsOf(root, service).map(({ name, path }): Need => ({ name, path, at: 'value' }));
  return [...dependenciesOf(root, service), ...shared];
}

interface RingLink extends Need {
  readonly from: string;
}

/** The ring in the direction of need, each with what it says. A cycle comes in either direction, its first name also at the end or not. */
function linksOf(cycle: readonly string[], needs: ReadonlyMap<string, readonly Need[]>): readonly RingLink[] {
  const members = cycle[0] === cycle.at(-1) ? cycle.slice(0, -1) : cycle;
  const along = (names: readonly string[]): readonly RingLink[] =>
    names.flatMap((from, i) => {
      const next = names[(i + 1) % names.length];
      const need = needs.get(from)?.find(n => n.name === next);
      return need ? [{ from, ...need }] : [];
    });
  const forward = along(members);
  return forward.length === members.length ? forward : along([...members].reverse());
}

function ring(names: readonly string[], links: readonly Need[], locate: Locate): Finding {
  const [{ path, at } = { path: [], at: 'value' as const }] = links;
  const isAlone = names.length === 2 && names[0] === names[1];
  const summary = isAlone
    ? `service ${names[0]} can't wait for itself`
    : `services wait for each other in a ring: ${names.join(' → ')}`;
  const places = links.slice(1).flatMap(link => {
    const place = locate(link.path, link.at);
    return place ? [`${place.file}:${place.line}:${place.column}`] : [];
  });
  const hint = isAlone
    ? 'leave it out'
    : `take one of them out; the ${places.length === 1 ? 'other is' : 'others are'} at ${places.join(', ')}`;
  return { severity: 'error', code: 'key.conflict', summary, hint, path, place: locate(path, at) };
}
