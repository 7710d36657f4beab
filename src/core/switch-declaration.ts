import type { HostName } from './names.js';
import type { PortedSwitch } from './ported-switch.js';
import type { ValeDeclaration } from './vale.js';
import type { VdeDeclaration } from './vde.js';
import type { VppDeclaration } from './vpp.js';

/** Only kinds that are built; the others never get past topology/. */
export type SwitchDeclaration =
  | VxlanDeclaration
  | SegmentDeclaration
  | BridgeDeclaration
  | ValeDeclaration
  | VdeDeclaration
  | VppDeclaration;

export interface BridgeDeclaration extends PortedSwitch {
  readonly kind: 'bridge';
  readonly host: HostName;
  /** The host's own addresses on it, with or without length. */
  readonly addresses: readonly string[];
  readonly stp: boolean;
  /** Milliseconds; absent: the kernel's 300 s. */
  readonly ageing?: number;
  readonly groupFwdMask: number;
  readonly vlanFiltering: boolean;
}

/** A VXLAN of mode l2: one Ethernet segment on several hosts. */
export interface SegmentDeclaration extends PortedSwitch {
  readonly kind: 'segment';
  readonly vni?: number;
  readonly port: number;
  /** Absent: the hosts of what is attached to it. */
  readonly hosts?: readonly HostName[];
  /** Whether frames to MACs that the file does not know, and to all, go to every host. */
  readonly flood: boolean;
}

/** A VXLAN of mode routed. */
export interface VxlanDeclaration {
  readonly kind: 'vxlan';
  /** Absent: allotted. */
  readonly vni?: number;
  readonly port: number;
  /** The overlay addresses' subnets, at most one per family. */
  readonly subnets: readonly string[];
  readonly ranges: readonly string[];
  readonly mtu?: number;
  readonly hostAccess: boolean;
}
