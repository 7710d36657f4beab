import type { BuildRequest } from './build.js';
import type { ContainerFile } from './call.js';
import type { DocPath, Locate } from './diagnostic.js';
import type { Impairment } from './impairment.js';
import type { HostName } from './names.js';
import type { Medium } from './plugs.js';
import type { ResourceLimits, ServiceSettings } from './settings.js';
import type { BridgeDeclaration, SegmentDeclaration } from './switch-declaration.js';
import type {
  CheckDeclaration,
  DependencyDeclaration,
  HookDeclaration,
  HostDeclaration,
  Membership,
  MountDeclaration,
  NetworkExtras,
  PortDeclaration,
  PullPolicy,
  RestartPolicy,
} from './topology.js';
import type { SharedMedium, UserspaceDeclaration } from './userspace.js';
import type { ResolvedVale } from './vale.js';
import type { ResolvedVde } from './vde.js';
import type { PortVlans } from './vlan.js';
import type { ResolvedVpp } from './vpp.js';

/** A topology with every name, number and default decided that the file alone can decide. Order is document order. */
export interface Resolved {
  readonly name: string;
  readonly hosts: readonly ResolvedHost[];
  readonly stacks: readonly ResolvedStack[];
  readonly switches: readonly ResolvedSwitch[];
  readonly links: readonly ResolvedLink[];
  readonly checks: readonly CheckDeclaration[];
  /** Absolute paths of the files that it was read from, the main one first; absent where it was read from none. */
  readonly files?: readonly string[];
  readonly locate: Locate;
}

export interface ResolvedHost extends HostDeclaration {
  readonly name: HostName;
  /** `<topology>-<host>` of a sandbox host. */
  readonly sandbox?: string;
}

export interface ResolvedStack {
  readonly name: string;
  readonly host: HostName;
  readonly project: string;
  readonly networks: readonly ResolvedNetwork[];
  readonly volumes: readonly ResolvedVolume[];
  readonly services: readonly ResolvedService[];
}

export interface ResolvedNetwork extends NetworkExtras {
  readonly key: string;
  /** The engine's name: `<project>_<key>`. */
  readonly name: string;
  /** It is there already, and not of this topology. */
  readonly external: boolean;
  readonly driver: string;
  /** The bridge device's name on the host, where the driver makes one. */
  readonly bridge: string;
  /** Bytes, where the file says it. */
  readonly mtu?: number;
  readonly ipv6: boolean;
  /** The driver's, beside bridge and MTU. */
  readonly options: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly subnets: readonly {
    readonly subnet: string;
    readonly gateway?: string;
    readonly range?: string;
    readonly aux?: Readonly<Record<string, string>>;
  }[];
  /** The routed switch it is on, and the stack's overlay addresses there, with length, one per family. */
  readonly fabric?: { readonly switch: string; readonly addresses: readonly string[] };
  /** The segment that its bridge is a part of. */
  readonly stretch?: string;
}

export interface ResolvedVolume {
  readonly key: string;
  readonly name: string;
  readonly external: boolean;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ResolvedService {
  readonly key: string;
  /** The names of its containers, the first one's first: `<project>-<key>-<n>`, n from 1, unless the file gives one. */
  readonly containers: readonly string[];
  /** The names of the containers that hold the network namespaces of those, one each; none where they have their own. */
  readonly holders: readonly string[];
  readonly image: string;
  /** How the image is built, where it is. */
  readonly build?: BuildRequest;
  readonly pullPolicy: PullPolicy;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** null: the image's own is taken away. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** In the order in which they are joined. */
  readonly networks: readonly (Membership & { readonly key: string })[];
  readonly ports: readonly PortDeclaration[];
  readonly labels: Readonly<Record<string, string>>;
  readonly restart: RestartPolicy;
  readonly mounts: readonly (MountDeclaration & { readonly volume?: string })[];
  /** Services of the same stack that have containers and come first. */
  readonly dependsOn: readonly (DependencyDeclaration & { readonly service: string })[];
  readonly postStart: readonly ResolvedHook[];
  readonly limits: ResourceLimits;
  /** Files that are copied in before the start. */
  readonly files: readonly ContainerFile[];
  /** Namespaces of others are `container:NAME` here, whoever's they are. */
  readonly settings: ServiceSettings;
  /** Of one that has a VPP of its own. */
  readonly userspace?: UserspaceDeclaration;
}

/** Its environment is resolved as that of the service. */
export type ResolvedHook = HookDeclaration;

export type ResolvedSwitch =
  ResolvedVxlan | ResolvedSegment | ResolvedBridge | ResolvedVale | ResolvedVde | ResolvedVpp;

export interface ResolvedBridge extends Omit<BridgeDeclaration, 'addresses' | 'gateways' | 'ranges'> {
  readonly name: string;
  /** The host's own addresses on it, with lengths. */
  readonly addresses: readonly string[];
}

export interface ResolvedSegment extends Omit<SegmentDeclaration, 'gateways' | 'ranges'> {
  readonly name: string;
  readonly vni: number;
  readonly hosts: readonly HostName[];
}

/** A wire of the file: one of `links`, or one of a service's `interfaces`, whose second end is a switch. */
export interface ResolvedLink {
  /** `shop/web:eth1`, `shop/web:eth2--db/pg:eth1`, `lan0--sim`. */
  readonly name: string;
  readonly ends: readonly [ResolvedEnd, ResolvedEnd];
  /** Its own VXLAN network identifier, should it cross hosts. */
  readonly vni: number;
  /** Where it stands in the document. */
  readonly path: DocPath;
}

export type ResolvedEnd = ServiceEnd | SwitchEnd | DeviceEnd;

interface AnyEnd {
  /** Bytes, where the file says it. */
  readonly mtu?: number;
  readonly up: boolean;
  /** What is done to what it sends. */
  readonly impair?: Impairment;
  readonly path: DocPath;
}

export interface ServiceEnd extends AnyEnd {
  readonly is: 'service';
  readonly host: HostName;
  /** `shop/web`, `shop/web#2`. */
  readonly replica: string;
  /** The engine's name of the container whose namespace it is in: its own, or the holder's. */
  readonly container: string;
  readonly isHeld: boolean;
  readonly device: string;
  readonly mac: string;
  /** With lengths. */
  readonly addresses: readonly string[];
  /** Default routes by gateway among them. */
  readonly routes: readonly { readonly dst: string; readonly via?: string }[];
  /** It is no device: memory that its container's VPP shares with another one, and which it is among those of either, from 1 on. */
  readonly shared?: { readonly via: SharedMedium; readonly number: number };
}

export interface SwitchEnd extends AnyEnd {
  readonly is: 'switch';
  readonly switch: string;
  /** The port is a tap that VPP holds, by its number there, 0 to 1023, and no device of others. */
  readonly tap?: number;
  /** Absent: the switch's default. */
  readonly vlan?: PortVlans;
}

export interface DeviceEnd extends AnyEnd {
  readonly is: 'device';
  readonly host: HostName;
  readonly device: string;
  readonly via?: Medium;
}

export interface ResolvedVxlan {
  readonly kind: 'vxlan';
  readonly name: string;
  readonly vni: number;
  readonly port: number;
  readonly subnets: readonly string[];
  readonly mtu?: number;
  readonly hostAccess: boolean;
  /** The stacks on it, an overlay address of each family that a stack has there. */
  readonly members: readonly VxlanMember[];
}

export interface VxlanMember {
  readonly stack: string;
  readonly host: HostName;
  readonly network: string;
  /** With length, one per family, IPv4 first. */
  readonly addresses: readonly string[];
}
