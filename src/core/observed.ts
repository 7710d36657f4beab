import type { HostName, ResourceId } from './names.js';
import type { Group, Observation } from './resource.js';

/** Something that bears our mark and that nobody wants any more. */
export interface Stray {
  readonly id: ResourceId;
  readonly kind: string;
  readonly host: HostName;
  readonly name: string;
  readonly group: Group;
  readonly state: unknown;
}

/** What is really there, as far as it concerns a topology. */
export interface Observed {
  /** One per wanted resource, and `unknown` ones of what may be a stray but could not be read. */
  readonly observations: ReadonlyMap<ResourceId, Observation>;
  /** Sorted by id. */
  readonly strays: readonly Stray[];
}
