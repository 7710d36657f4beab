import type { Step } from './call.js';
import type { HostName, ResourceId } from './names.js';
import type { Difference, Group, Verb } from './resource.js';

/** One change to one resource. `after` names the actions (by id) that must be done first. */
export interface Action {
  /** 1-based, in the order of the plan. */
  readonly id: number;
  readonly resource: ResourceId;
  readonly kind: string;
  readonly noun: string;
  readonly name: string;
  readonly host: HostName;
  readonly group: Group;
  readonly verb: Verb;
  /** Why, in words a user can act on: `not there yet`, `drifted: …`, `no longer in the file`. */
  readonly cause: string;
  readonly drift: boolean;
  readonly differences: readonly Difference[];
  readonly steps: readonly Step[];
  readonly after: readonly number[];
  /** Actions of one host with the same batch number travel as one script. Absent: on its own. */
  readonly batch?: number;
  readonly destructive: boolean;
  /** Something else that is replaced takes this, or a part of it, along: left undone, it would stay broken. */
  readonly disturbed?: true;
}

/** What is to be done, decided to the last argument. */
export interface Plan {
  readonly format: 1;
  readonly topology: string;
  /** SHA-256 over the actions: equal digests do the same. */
  readonly digest: string;
  readonly actions: readonly Action[];
  /** How many resources are as wanted. */
  readonly unchanged: number;
  /** Things said beside the actions: what is kept on purpose, what goes along with something else. */
  readonly notes: readonly string[];
  /** How many actions are not among them, because not all was asked for. */
  readonly leftOut?: number;
  /** What the live state was compared with, where that was not the file. */
  readonly compares?: 'last-applied';
}
