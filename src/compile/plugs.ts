import type { Resource } from '../core/index.js';
import type { PlugSpec } from '../kinds/index.js';

/** The ends of a wire that are devices of ours; none of what is no wire. */
export function plugsOf({ spec }: Resource): readonly PlugSpec[] {
  return (spec as { plugs?: readonly PlugSpec[] }).plugs ?? [];
}
