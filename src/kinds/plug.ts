import type { Claim, Dependency, NetnsRef, Qdisc, ResourceId } from '../core/index.js';
import type { RouteLine, WireEnd } from '../tools/index.js';

/** One end of a wire: where it is, and how it is set there. */
export interface PlugSpec {
  readonly place: PlugPlace;
  /** Its name there. */
  readonly device: string;
  /** Absent: the kernel's choice. */
  readonly mac?: string;
  /** Bytes. */
  readonly mtu: number;
  readonly up: boolean;
  /** With their lengths. */
  readonly addresses: readonly string[];
  readonly routes: readonly RouteLine[];
  /** What it sends through; absent: the kernel's choice. */
  readonly qdisc?: Qdisc;
}

/** Inside a container, known to the engine as `container`; a port of a bridge of the host; or on the host alone. */
export type PlugPlace =
  | { readonly is: 'container'; readonly id: ResourceId; readonly container: string }
  | { readonly is: 'bridge'; readonly id: ResourceId; readonly device: string }
  | { readonly is: 'host' };

/** What a plug needs to be there. */
export function plugNeeds({ place }: PlugSpec): readonly Dependency[] {
  switch (place.is) {
    case 'container':
      return [{ on: place.id, because: 'it ends in the container' }];
    case 'bridge':
      return [{ on: place.id, because: `it is a port of ${place.device}` }];
    case 'host':
      return [];
  }
}

/** A name of a device is had once in a namespace. */
export function plugClaim({ place, device }: PlugSpec): Claim {
  return deviceClaim(device, place.is === 'container' ? place.container : undefined);
}

/** The claim to the name of a device in a container, given by the engine's name of it; or on the host. */
export function deviceClaim(device: string, container: string | undefined): Claim {
  return `device ${device} ${container === undefined ? 'of the host' : `in ${container}`}`;
}

/** The claim to a device of the host's own as a port: what is one bears no macvlan. */
export function portClaim(device: string): Claim {
  return `device ${device} itself`;
}

/** The namespace to enter for a plug; undefined: the host's. */
export function netnsOf({ place }: PlugSpec): NetnsRef | undefined {
  return place.is === 'container' ? { container: place.container } : undefined;
}

/** The device to be made for a plug. */
export function wireEnd(plug: PlugSpec): WireEnd {
  const netns = netnsOf(plug);
  const { device, mac, mtu } = plug;
  return { device, mtu, ...(mac !== undefined && { mac }), ...(netns && { netns }) };
}
