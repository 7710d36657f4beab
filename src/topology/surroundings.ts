import type { Lookup } from './variables.js';

/** Where relative bind sources and `~` are taken from. */
export interface Surroundings {
  readonly directory: string;
  readonly home: string | undefined;
  /** A variable of `${…}`. */
  readonly variable: Lookup;
}
