import type { DocPath } from './diagnostic.js';
import type { HostName } from './names.js';
import type { PortedSwitch } from './ported-switch.js';

/** A bridge domain of VPP, on one host or of the same segment on several. */
export interface VppDeclaration extends PortedSwitch {
  readonly kind: 'vpp';
  /** In document order, at least one. */
  readonly hosts: readonly VppHost[];
  /** What joins its hosts; absent: uplinks where every host has one, else VXLAN. */
  readonly tunnel?: 'vxlan' | 'uplink';
  /** Absent: allotted. */
  readonly vni?: number;
  /** The id of the domain; absent: allotted. */
  readonly domain?: number;
  readonly learn: boolean;
  /** Whether it answers ARP and neighbour solicitations itself, for the addresses that the file gives. */
  readonly arpTerm: boolean;
}

/** What such a switch is on one of its hosts. */
export interface VppHost {
  readonly host: HostName;
  /** The addresses of VPP's own interface in the domain, at most one per family; none: it has no such interface. */
  readonly bvi: readonly string[];
  /** An interface that VPP owns, or a network device of the host. */
  readonly uplink?: string;
  /** Where the file says so. */
  readonly path: DocPath;
}

/** Every number decided. */
export interface ResolvedVpp extends Omit<VppDeclaration, 'tunnel' | 'gateways' | 'ranges'> {
  readonly name: string;
  /** BVI addresses have their lengths. */
  readonly hosts: readonly VppHost[];
  /** `none`: it is on one host. */
  readonly tunnel: 'vxlan' | 'uplink' | 'none';
  /** Of the tunnels; 0 where there are none. */
  readonly vni: number;
  readonly domain: number;
  /** Of VPP's own interface in the domain, 0 to 16383. */
  readonly instance: number;
  /** One from each host to each other one, where these join them: which it is among those of a host, 0 to 16383. */
  readonly tunnels: readonly {
    readonly host: HostName;
    readonly peer: HostName;
    readonly instance: number;
  }[];
}

/** How a VPP was found. `missing`: none answers there; `silent`: one may be there, and what it has is not known. */
export type VppFacts =
  | { readonly is: 'running'; readonly version: string; readonly pid: number }
  | {
      readonly is: 'missing' | 'silent';
      readonly code: string;
      readonly why: string;
      readonly hint: string;
    };

/** What a VPP has, as its own commands show it. */
export interface VppState {
  /** How vppctl was called. */
  readonly called: readonly string[];
  /** The files of the plugins that it has loaded: `vxlan_plugin.so`. */
  readonly plugins: readonly string[];
  readonly interfaces: readonly VppInterface[];
  readonly domains: readonly VppDomain[];
  readonly tunnels: readonly VppTunnel[];
  /** Static entries of the L2 FIB. */
  readonly fib: readonly VppFibEntry[];
  /** The number of the network namespace that it is in; undefined where nobody could tell. */
  readonly netns?: string;
  /** The indexes of the network devices that it has packet sockets on, -1 for one that is gone; undefined where nobody could tell. */
  readonly attached?: readonly number[];
  /** Whether it sees `/dev/vhost-net`, without which it makes no tap; undefined where nobody could tell. */
  readonly vhostNet?: boolean;
}

/** What a container's own VPP answers by its socket. */
export interface InsideVpp {
  /** Absent: it has ended. */
  readonly version?: string;
  readonly interfaces: readonly Pick<VppInterface, 'name' | 'up' | 'addresses' | 'connected'>[];
}

export interface VppInterface {
  readonly name: string;
  /** What it was made as, where somebody has given it another name since. */
  readonly made?: string;
  /** `sw_if_index`: used again as soon as its interface is gone. */
  readonly index: number;
  readonly up: boolean;
  /** Bytes of a packet. */
  readonly mtu: number;
  readonly mac?: string;
  readonly tag?: string;
  /** The domain it is a port of. */
  readonly domain?: number;
  /** Its split-horizon group: ports of the same, if it is not 0, send nothing to each other. */
  readonly group: number;
  readonly bvi: boolean;
  /** It is cross-connected, or bound in another way. */
  readonly bound?: string;
  /** With lengths. */
  readonly addresses: readonly string[];
  /** Of a memif: whether it shares memory with the one at its other end. */
  readonly connected?: boolean;
  /** Frames in its transmit queue, where that is blocked: nothing will ever be sent by it again. */
  readonly stuck?: number;
  /** A normal port that is left out of what is flooded: it was the BVI once, and stays so until it is made anew. */
  readonly unflooded?: true;
}

export interface VppDomain {
  readonly id: number;
  /** By which the L2 FIB names it. */
  readonly index: number;
  readonly learn: boolean;
  readonly forward: boolean;
  readonly flood: boolean;
  /** `flood`, `drop`, or the interface that unknown unicast goes to. */
  readonly unknownUnicast: string;
  readonly arpTerm: boolean;
  /** Minutes; 0: learned addresses stay. */
  readonly age: number;
  readonly tag?: string;
  readonly arp: readonly { readonly address: string; readonly mac: string }[];
}

export interface VppTunnel {
  readonly instance: number;
  readonly local: string;
  readonly remote: string;
  readonly vni: number;
  readonly port: number;
  /** Of its interface. */
  readonly index: number;
}

export interface VppFibEntry {
  readonly mac: string;
  /** The index of the domain. */
  readonly domain: number;
  /** The index of the interface. */
  readonly interface: number;
}
