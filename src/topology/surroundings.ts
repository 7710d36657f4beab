import type { Lookup } from './variables.js';

/** Where relative bind sources and `~` are taken from. */
export interface Surroundings {
  readonly directory: string;
  readonly home: string | undefined;
  /** A variable of `${…}`. */
  readonly variable: Lookup;
  /** The same for stacks that have variables of their own. */
  readonly stacks: ReadonlyMap<string, Lookup>;
}
