import type { Action, HostName } from '../core/index.js';
import type { ScheduleNode } from './schedule.js';

/** What is carried out in one go: a batch, or one action. `after` holds indexes of units. */
export interface Unit extends ScheduleNode {
  readonly host: HostName;
  readonly actions: readonly Action[];
  readonly batch: boolean;
}

/** Actions in flight beside each other on one host: engines gain nothing from more (seen: two to four on two cores). */
const LONE_WIDTH = 4;

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
    const lane =
      batch === undefined
        ? { lane: `alone ${host}`, width: LONE_WIDTH }
        : { lane: `batch ${host}`, width: 1 };
    return { host, actions: group, batch: batch !== undefined, after: [...below], ...lane };
  });
}
