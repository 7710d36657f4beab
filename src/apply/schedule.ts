/** Something to run after others (indexes of the same list), in a lane that has room for `width` at once. */
export interface ScheduleNode {
  readonly after: readonly number[];
  readonly lane: string;
  readonly width: number;
}

interface Lane {
  readonly queue: number[];
  /** How many of the queue were taken. */
  taken: number;
  running: number;
}

/**
 * Runs every node once all it comes after have ended, well or not: what follows from a failure is `run`'s own affair.
 * Resolves when all have ended; rejects with the first thing that `run` threw, starting nothing more.
 */
export async function schedule<N extends ScheduleNode>(
  nodes: readonly N[],
  run: (node: N) => Promise<void>,
): Promise<void> {
  const waiting = nodes.map(node => node.after.length);
  const dependants = nodes.map((): number[] => []);
  nodes.forEach((node, i) => node.after.forEach(a => dependants[a]!.push(i)));
  const lanes = new Map<string, Lane>(nodes.map(node => [node.lane, { queue: [], taken: 0, running: 0 }]));
  let left = nodes.length;
  if (left === 0) return;
  await new Promise<void>((resolve, reject) => {
    let stopped = false;
    const ready = (index: number): void => {
      lanes.get(nodes[index]!.lane)!.queue.push(index);
    };
    const fill = (): void => {
      for (const lane of stopped ? [] : lanes.values()) {
        while (lane.taken < lane.queue.length && lane.running < nodes[lane.queue[lane.taken]!]!.width)
          start(lane);
      }
    };
    const start = (lane: Lane): void => {
      const index = lane.queue[lane.taken++]!;
      lane.running++;
      run(nodes[index]!).then(() => ended(lane, index), fail);
    };
    const ended = (lane: Lane, index: number): void => {
      lane.running--;
      for (const d of dependants[index]!) if (--waiting[d]! === 0) ready(d);
      if (--left === 0) resolve();
      else fill();
    };
    const fail = (error: unknown): void => {
      stopped = true;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    waiting.forEach((n, i) => n === 0 && ready(i));
    fill();
  });
}
