import { type Action, type Plan } from '../core/index.js';
import { pick } from './number.js';

/** What `focus` is told to look for in actions: a host with all that is on it, a stack or switch on every host, or one resource wherever it is. */
export type Selector =
  | { readonly is: 'host' | 'stack' | 'switch'; readonly name: string }
  | { readonly is: 'resource'; readonly kind: string; readonly name: string };

export interface Focus {
  /** Empty: everything. */
  readonly targets: readonly Selector[];
  /** Wins over `targets`. */
  readonly excludes: readonly Selector[];
}

/** A part of a plan, and the actions that are not in it, as they were. */
export interface Focused {
  readonly plan: Plan;
  readonly leftOut: readonly Action[];
}

/**
 * A plan and what is asked for in; out the actions of only that, with all that they need, which its notes name. What makes
 * a thing needs what makes or changes the things below it. It does not need deletes of strays: those come first only because they
 * may hold a name. What lets go first to be made or changed later is both or neither. And no half measures: what a replacement takes along is mended with it, so where one of the two is excluded both are
 * left out. (Not seen here: a stray that is deleted may be what something left out still stands on; of strays it is not known.)
 * Pure; must not know any kind.
 */
export function focus(made: Plan, asked: Focus): Focused {
  if (asked.targets.length === 0 && asked.excludes.length === 0) return { plan: made, leftOut: [] };
  const graph = graphOf(made.actions);
  const matching = (selectors: readonly Selector[]): readonly Action[] =>
    made.actions.filter(action => selectors.some(s => matches(s, action)));
  const excluded = matching(asked.excludes);
  const out = closure(excluded, a => [...graph.hindered(a), ...graph.replacersOf(a)]);
  const wanted = (asked.targets.length === 0 ? made.actions : matching(asked.targets)).filter(
    a => !out.has(a),
  );
  const chosen = closure(wanted, a => [...graph.needs(a), ...graph.shakenBy(a)]);
  const leftOut = made.actions.filter(a => !chosen.has(a));
  const notes = [
    ...note(
      'comes along with what was asked for',
      [...chosen].filter(a => !wanted.includes(a)),
    ),
    ...note(
      'left out with what was excluded',
      [...out].filter(a => !excluded.includes(a)),
    ),
    ...leftOutNote(leftOut),
  ];
  const actions = pick(made.actions, chosen);
  return {
    plan: { ...made, ...actions, notes: [...made.notes, ...notes], leftOut: leftOut.length },
    leftOut,
  };
}

function matches(selector: Selector, { host, group, kind, name }: Action): boolean {
  if (selector.is === 'resource') return kind === selector.kind && name === selector.name;
  const isHost = selector.is === 'host' && host === selector.name;
  return isHost || (group.is === selector.is && group.name === selector.name);
}

interface ActionGraph {
  /** What must be made or changed first for the action to work. */
  needs(action: Action): readonly Action[];
  /** What can't be done while the action is not. */
  hindered(action: Action): readonly Action[];
  /** What the action, a replacement, takes along and is mended by actions of its own. */
  shakenBy(action: Action): readonly Action[];
  /** The replacements that take along what the action mends. */
  replacersOf(action: Action): readonly Action[];
}

function graphOf(actions: readonly Action[]): ActionGraph {
  const byId = new Map(actions.map(a => [a.id, a]));
  const followers = new Map<number, Action[]>(actions.map(a => [a.id, []]));
  for (const action of actions) for (const id of action.after) followers.get(id)!.push(action);
  const last = new Map(actions.map(a => [a.resource, a]));
  const isStray = (a: Action): boolean => a.verb === 'delete' && last.get(a.resource) === a;
  const takesAlong = (a: Action): boolean => a.verb === 'replace' || (a.verb === 'delete' && !isStray(a));
  const halves = otherHalves(actions);
  const needs = (action: Action): readonly Action[] => [
    ...action.after.map(id => byId.get(id)!).filter(a => !isStray(a)),
    ...halves(action),
  ];
  const above = (action: Action): readonly Action[] => (isStray(action) ? [] : followers.get(action.id)!);
  return {
    needs,
    hindered: action => [
      ...followers.get(action.id)!.filter(a => isStray(a) || !isStray(action)),
      ...halves(action),
    ],
    shakenBy: action =>
      takesAlong(action) ? [...closure(above(action), above)].filter(a => a.disturbed === true) : [],
    replacersOf: action =>
      action.disturbed === true ? [...closure(needs(action), needs)].filter(takesAlong) : [],
  };
}

/** Of a resource that lets go of something by one action and is made or changed by a later one, the other of the two. */
function otherHalves(actions: readonly Action[]): (action: Action) => readonly Action[] {
  const all = new Map<string, Action[]>();
  for (const action of actions) all.set(action.resource, [...(all.get(action.resource) ?? []), action]);
  return action => all.get(action.resource)!.filter(a => a !== action);
}

function closure(from: readonly Action[], next: (action: Action) => readonly Action[]): ReadonlySet<Action> {
  const found = new Set(from);
  for (const action of found) for (const other of next(action)) found.add(other);
  return found;
}

/** One note per host. */
function note(what: string, actions: readonly Action[]): readonly string[] {
  const sorted = [...actions].sort((a, b) => a.id - b.id);
  return [...new Set(sorted.map(hostOf))].map(host => {
    const titles = sorted.filter(a => hostOf(a) === host).map(a => `${a.noun} ${a.name}`);
    return `${what}, on ${host}: ${titles.join(', ')}`;
  });
}

function leftOutNote(actions: readonly Action[]): readonly string[] {
  if (actions.length === 0) return [];
  const hosts = [...new Set(actions.map(hostOf))].sort();
  return [
    `left out: ${actions.length === 1 ? '1 action' : `${actions.length} actions`} on ${hosts.join(', ')}`,
  ];
}

/** Of a host that is itself a resource, its own name says more than the machine's that it is on. */
function hostOf({ host, group }: Action): string {
  return group.is === 'host' ? group.name : host;
}
