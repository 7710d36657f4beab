import type { Action, HostName, Step } from '../core/index.js';
import type { ScheduleNode } from './schedule.js';

/** What is carried out in one go: a batch, or one action. `after` holds indexes of units. */
export interface Unit extends ScheduleNode {
  readonly host: HostName;
  readonly actions: readonly Action[];
  readonly batch: boolean;
}

/** Actions in flight beside each other on one host: engines gain nothing from more (seen: two to four on two cores). */
const LONE_WIDTH = 4;

/** What only waits takes nothing of an engine's, and what it waits for may need all the room there is. */
function laneOf({ host, batch, steps }: Action): Pick<Unit, 'lane' | 'width'> {
  if (batch !== undefined) return { lane: `batch ${host}`, width: 1 };
  if (steps.every(waits)) return { lane: `waiting ${host}`, width: Infinity };
  return { lane: `alone ${host}`, width: LONE_WIDTH };
}

/** Whether a step changes nothing and can be left off at any time. */
export function waits(step: Step): boolean {
  return step.via === 'stream' && step.name === 'ready';
}

/** The units of a plan, in the plan's order. One batch at a time per host, beside a few lone actions. */
export function unitsOf(actions: readonly Action[]): readonly Unit[] {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    const key = action.batch === undefined ? `action ${action.id}` : `batch ${action.batch}`;
    const group = groups.get(key);
    if (group) group.push(action);
    else groups.set(key, [action]);
  }
  const members = [...groups.values()];
  const unitOf = new Map(members.flatMap((group, unit) => group.map(action => [action.id, unit] as const)));
  return members.map((group, unit) => {
    const below = new Set(group.flatMap(action => action.after.map(id => unitOf.get(id)!)));
    below.delete(unit);
    const { host, batch } = group[0]!;
    const lane = laneOf(group[0]!);
    return { host, actions: group, batch: batch !== undefined, after: [...below], ...lane };
  });
}
