import type { NetworkExtras, ResourceId } from '../core/index.js';

/** A Docker network. All of it is fixed when it is made. */
export interface NetworkSpec extends NetworkExtras {
  readonly name: string;
  /** It is there already and somebody else's: only looked for. */
  readonly external?: true;
  /** Absent: `bridge`. Another one makes no bridge device, and knows its MTU itself. */
  readonly driver?: string;
  /** It is on a routed switch: the host's rules name its bridge. */
  readonly fabric?: true;
  /** The bridge device's name on the host. */
  readonly bridge: string;
  /** Bytes; also that of every container's interface on it. */
  readonly mtu: number;
  /** Empty: the engine chooses from its pools. */
  readonly subnets: readonly {
    readonly subnet: string;
    readonly gateway?: string;
    readonly range?: string;
    readonly aux?: Readonly<Record<string, string>>;
  }[];
  readonly internal: boolean;
  readonly ipv6: boolean;
  /** What the engine would otherwise do by itself, without care, when it makes the network. */
  readonly after?: readonly ResourceId[];
  /** The driver's, beside those of bridge name and MTU. */
  readonly options: Readonly<Record<string, string>>;
  /** The user's and Compose's. */
  readonly labels: Readonly<Record<string, string>>;
  readonly topology: string;
}
