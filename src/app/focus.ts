import { EXIT, OPERATOR, TopoError, canonicalJson, nearest } from '../core/index.js';
import type { Plan, Resolved } from '../core/index.js';
import { focus } from '../plan/index.js';
import type { Selector } from '../plan/index.js';
import type { Focus } from './types.js';

/** The part of a plan that names of hosts, stacks, services and switches ask for. Throws `name.unknown` where one means nothing. */
export function focusOn(
  resolved: Resolved,
  plan: Plan,
  { targets = [], excludes = [] }: Focus,
): ReturnType<typeof focus> {
  const known = namesOf(resolved, plan);
  const select = (names: readonly string[]): readonly Selector[] =>
    names.flatMap(name => known.get(name) ?? unknown(name, [...known.keys()], resolved.name));
  return focus(plan, { targets: select(targets), excludes: select(excludes) });
}

/** Every name that can be asked for: those of the file, and those of what left it and is still there. A name of two things means both. */
function namesOf(resolved: Resolved, plan: Plan): ReadonlyMap<string, readonly Selector[]> {
  const selectors: readonly Selector[] = [
    ...resolved.hosts.map(({ name }) => ({ is: 'host' as const, name })),
    ...resolved.stacks.map(({ name }) => ({ is: 'stack' as const, name })),
    ...resolved.switches.map(({ name }) => ({ is: 'switch' as const, name })),
    ...resolved.stacks.flatMap(s => s.services.flatMap(v => service(`${s.name}/${v.key}`))),
    ...plan.actions.flatMap(({ host, group, kind, name }) => [
      ...(host === OPERATOR ? [] : [{ is: 'host' as const, name: host }]),
      { is: group.is, name: group.name },
      ...(kind === 'container' ? service(name) : []),
    ]),
  ];
  const unique = new Map(selectors.map(s => [canonicalJson(s), s]));
  const named = new Map<string, Selector[]>();
  for (const selector of unique.values())
    named.set(selector.name, [...(named.get(selector.name) ?? []), selector]);
  return named;
}

/** A service is its container and the names in it; the networks, volumes and switches that it needs come along by themselves. */
function service(name: string): readonly Selector[] {
  return ['container', 'names'].map(kind => ({ is: 'resource', kind, name }));
}

function unknown(name: string, known: readonly string[], topology: string): never {
  const near = nearest(name, known);
  throw new TopoError(`no host, stack, service or switch is called ${name} in topology ${topology}`, {
    code: 'name.unknown',
    who: 'user',
    exit: EXIT.failed,
    hint: near === undefined ? `there are ${known.slice(0, 12).join(', ')}` : `did you mean ${near}?`,
  });
}
