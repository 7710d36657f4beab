import type { Dependency, Resource, ResourceId } from '../core/index.js';
import type { Disturbance } from './causes.js';

/**
 * Follows, along the order of dependencies, what is gone for a while because a resource is replaced, and what stands
 * on such a thing, directly or not. Resources must be asked for in that order.
 */
export interface Ripple {
  /** All that is taken away and made again by this plan so far. */
  readonly gone: ReadonlySet<ResourceId>;
  /** What disturbs a resource, if anything does; from then on also what stands on it is disturbed. */
  disturbs(resource: Resource, dependencies: readonly Dependency[]): Disturbance | undefined;
  /** A resource is taken away and made again; `title` is what people call it. */
  takeAway(id: ResourceId, title: string): void;
}

export function newRipple(): Ripple {
  const gone = new Map<ResourceId, string>();
  const ids = new Set<ResourceId>();
  const disturbed = new Map<ResourceId, Disturbance>();
  return {
    gone: ids,
    disturbs(resource, dependencies) {
      const found = nearest(dependencies, gone, disturbed);
      if (found) disturbed.set(resource.id, found);
      return found;
    },
    takeAway(id, title) {
      gone.set(id, title);
      ids.add(id);
    },
  };
}

function nearest(
  dependencies: readonly Dependency[],
  gone: ReadonlyMap<ResourceId, string>,
  disturbed: ReadonlyMap<ResourceId, Disturbance>,
): Disturbance | undefined {
  const direct = dependencies.find(d => gone.has(d.on));
  if (direct) return { other: gone.get(direct.on)!, because: direct.because };
  const through = dependencies.find(d => disturbed.has(d.on));
  return through && disturbed.get(through.on);
}
