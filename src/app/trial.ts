import type { Action, HostName, Plan, Resolved, Resource } from '../core/index.js';
import type { Patience } from '../tools/index.js';
import type { Connections } from './connections.js';
import type { World } from './world.js';

/** What a proof is about: what was changed, and how things are now. */
export interface Evidence {
  readonly resolved: Resolved;
  readonly plan: Plan;
  /** What was not asked for, or is still to be done: what hangs on any of it can't be expected to work yet. */
  readonly unfinished: readonly Action[];
  readonly resources: readonly Resource[];
  readonly world: World;
  readonly links: Connections;
  readonly mtuOf: ReadonlyMap<string, number>;
}

/** A ping with DF that is to show that a path carries packets of a size. */
export interface Trial {
  readonly host: HostName;
  /** Its ends, for people. */
  readonly from: string;
  readonly to: string;
  /** Where it is sent from: a container by its id, or the path of a namespace and the device that it leaves by. */
  readonly start: { readonly container: string } | { readonly netns: string; readonly device: string };
  readonly address: string;
  /** Of the whole IP packet. */
  readonly bytes: number;
  /** Absent: as usual. */
  readonly patience?: Patience;
}
