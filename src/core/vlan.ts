/** The kernel puts a port that nobody says anything of into this one (linux/net/bridge/br_private.h: default_pvid). */
export const DEFAULT_VLAN = 1;

/** The VLANs of a port of a bridge (IEEE 802.1Q). */
export interface PortVlans {
  /** That of frames without a tag; absent: they are dropped. */
  readonly untagged?: number;
  /** Those of frames with one, in ascending order. */
  readonly tagged: readonly number[];
}

/** A VLAN that a port of a bridge is in. */
export interface PortVlan {
  readonly dev: string;
  readonly id: number;
  /** Whether frames that come without a tag are of it, and whether its frames go out without one. */
  readonly pvid: boolean;
  readonly untagged: boolean;
}
