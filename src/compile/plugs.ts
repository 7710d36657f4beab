import type { Resource, ResourceId } from '../core/index.js';
import type { PlugSpec } from '../kinds/index.js';

/** The ends of a wire that are devices of ours; none of what is no wire. */
export function plugsOf({ spec }: Resource): readonly PlugSpec[] {
  return (spec as { plugs?: readonly PlugSpec[] }).plugs ?? [];
}

/** What has the namespace that a plug is in; undefined where that is the host's. */
export function ownerOf({ place }: PlugSpec): ResourceId | undefined {
  return place.is === 'container' ? place.id : undefined;
}

/** The wire whose device a resource makes a port of a switch; undefined of what does no such thing. */
export function joinedDevice({ spec }: Resource): ResourceId | undefined {
  return (spec as { device?: { id?: ResourceId } }).device?.id;
}

/** The ends of a wire but the one that is this device of the host. */
export function farPlugs(wire: Resource, device: string): readonly PlugSpec[] {
  return plugsOf(wire).filter(plug => plug.place.is === 'container' || plug.device !== device);
}
