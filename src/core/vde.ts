import type { HostName } from './names.js';
import type { PortedSwitch } from './ported-switch.js';

/** A switch of VDE (Virtual Distributed Ethernet): a process on one host. */
export interface VdeDeclaration extends PortedSwitch, VdeSettings {
  readonly kind: 'vde';
  readonly host: HostName;
  /** The directory of its sockets, absolute; absent: one of topo's own. */
  readonly directory?: string;
  /** The path of its management socket, absolute. */
  readonly management?: string;
  /** False where the directory is that of a switch that somebody else runs. */
  readonly isMade: boolean;
}

/** What a vde_switch is told when it starts. */
export interface VdeSettings {
  /** How many things can be plugged in. */
  readonly ports: number;
  readonly hub: boolean;
  readonly fstp: boolean;
  /** In the spanning tree; absent: the program's own. */
  readonly priority?: number;
  /** Who may use its sockets, beside root. */
  readonly group?: string;
  /** Of its sockets. */
  readonly mode: number;
}

export interface ResolvedVde extends Omit<VdeDeclaration, 'gateways' | 'ranges'> {
  readonly name: string;
}

/** Of ports that nobody says anything of: those frames have no tag anywhere. */
export const VDE_UNTAGGED = 0;

/** Said of a port without an untagged VLAN (vde_switch: NOVLAN). */
export const VDE_NO_VLAN = 4095;

/** What of VDE is on a host. */
export interface VdeInventory {
  /** Those that topo started, those that ended by themselves included. */
  readonly switches: readonly VdeSwitch[];
  /** As switches. */
  readonly plugs: readonly VdePlug[];
  /** The directories of all switches that run, whoever started them. */
  readonly directories: readonly string[];
  /** By the path of its management socket, what a switch tells of its ports. */
  readonly ports: Readonly<Record<string, readonly VdePort[]>>;
}

/** A switch that topo started. */
export interface VdeSwitch {
  readonly topology: string;
  readonly name: string;
  readonly directory: string;
  readonly management: string;
  /** Absent: it is dead. */
  readonly pid?: number;
  /** What it says of itself; absent where it does not answer. */
  readonly says?: Pick<VdeSettings, 'ports' | 'hub' | 'fstp'> & { readonly priority: number };
  /** Of the socket that programs connect to; absent where that is gone. */
  readonly socket?: { readonly mode: number; readonly group: string };
}

/** A process of topo's that joins a tap with a switch. */
export interface VdePlug {
  readonly topology: string;
  /** What tells it from others of the topology. */
  readonly key: string;
  /** Of the switch. */
  readonly directory: string;
  /** Absent: it is dead. */
  readonly pid?: number;
  /** The tap, by the name that it has where it stands; absent: it is gone, and the process holds on to nothing. */
  readonly tap?: string;
}

/** A port of a switch, in use or kept for somebody. */
export interface VdePort {
  readonly number: number;
  /** {@link VDE_NO_VLAN} for none. */
  readonly untagged: number;
  readonly tagged: readonly number[];
  /** The processes that are plugged in. */
  readonly pids: readonly number[];
  /** Whether it is kept for who asks for its number. */
  readonly isKept: boolean;
}

/** A host without any. */
export const NO_VDE: VdeInventory = { switches: [], plugs: [], directories: [], ports: {} };
