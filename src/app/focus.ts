import { EXIT, OPERATOR, TopoError, canonicalJson, nearest, replicaName } from '../core/index.js';
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

/**
 * Every name that can be asked for: those of the file, and those of what left it and is still there. A name of two things means both,
 * and `stack/service` all of its containers.
 */
function namesOf(resolved: Resolved, plan: Plan): ReadonlyMap<string, readonly Selector[]> {
  const selectors: readonly Named[] = [
    ...resolved.hosts.map(({ name }) => itself({ is: 'host', name })),
    ...resolved.stacks.map(({ name }) => itself({ is: 'stack', name })),
    ...resolved.switches.map(({ name }) => itself({ is: 'switch', name })),
    ...resolved.stacks.flatMap(s =>
      s.services.flatMap(v => v.containers.flatMap((_, i) => service(replicaName(s.name, v.key, i + 1)))),
    ),
    ...plan.actions.flatMap(({ host, group, kind, name }) => [
      ...(host === OPERATOR ? [] : [itself({ is: 'host', name: host })]),
      itself({ is: group.is, name: group.name }),
      ...(kind === 'container' ? service(name) : []),
    ]),
  ];
  const unique = new Map(selectors.map(s => [canonicalJson(s), s]));
  const named = new Map<string, Selector[]>();
  for (const { called, selector } of unique.values())
    named.set(called, [...(named.get(called) ?? []), selector]);
  return named;
}

interface Named {
  readonly called: string;
  readonly selector: Selector;
}

function itself(selector: Selector): Named {
  return { called: selector.name, selector };
}

/** A container of a service and the names in it; the networks, volumes and switches that it needs come along by themselves. */
function service(name: string): readonly Named[] {
  const selectors = ['container', 'holder', 'names'].map(kind => ({ is: 'resource' as const, kind, name }));
  const whole = name.replace(/#\d+$/, '');
  const calls = [...new Set([name, whole, ...(name === whole ? [`${whole}#1`] : [])])];
  return selectors.flatMap(selector => calls.map(called => ({ called, selector })));
}

function unknown(name: string, known: readonly string[], topology: string): never {
  const near = nearest(name, known);
  throw new TopoError(`no host, stack, service or switch is called ${name} in topology ${topology}`, {
    code: 'name.unknown',
    who: 'user',
    exit: EXIT.failed,
    hint:
      near === undefined
        ? `there are ${known
            .filter(k => !k.includes('#'))
            .slice(0, 12)
            .join(', ')}`
        : `did you mean ${near}?`,
  });
}
