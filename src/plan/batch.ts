import { type HostName, isBatchable, type Step } from '../core/index.js';

/** What batching needs of an action; `after` holds indexes of the same list, all lower than its own. */
export interface Batchable {
  readonly host: HostName;
  readonly steps: readonly Step[];
  readonly after: readonly number[];
}

/**
 * The batch of each action, by index; undefined for one that travels alone. Actions must stand in order.
 *
 * A batch is the batchable actions of one host and one rank. The rank stays the same only along an edge that lies inside a
 * batch or leads out of it to a lone action of the same host, and rises along every other, those out of lone actions
 * included: so batches and lone actions never wait for each other in a circle.
 */
export function batchesOf(actions: readonly Batchable[]): readonly (number | undefined)[] {
  const batchable = actions.map(a => a.steps.every(isBatchable));
  const ranks: number[] = [];
  const numbers = new Map<string, number>();
  return actions.map((action, i) => {
    const rank = action.after.reduce((highest, d) => {
      const together = batchable[d] === true && actions[d]!.host === action.host;
      return Math.max(highest, ranks[d]! + (together ? 0 : 1));
    }, 0);
    ranks.push(rank);
    if (!batchable[i]) return undefined;
    const key = `${rank} ${action.host}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
    return numbers.get(key);
  });
}
