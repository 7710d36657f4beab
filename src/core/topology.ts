import type { BuildDeclaration } from './build.js';
import type { DocPath } from './diagnostic.js';
import type { Family } from './ip.js';
import type { HostName } from './names.js';
import type { InterfaceDeclaration, LinkDeclaration } from './plugs.js';
import type { ResourceLimits, ServiceSettings } from './settings.js';
import type { SwitchDeclaration } from './switch-declaration.js';
import type { UserspaceDeclaration } from './userspace.js';

/** A topology file, read, interpolated, validated, with every short form expanded. Nothing is defaulted yet. */
export interface Topology {
  readonly name: string;
  /** The directory that relative paths of the file are taken from. */
  readonly directory: string;
  readonly hosts: Readonly<Record<HostName, HostDeclaration>>;
  readonly stacks: Readonly<Record<string, StackDeclaration>>;
  readonly switches: Readonly<Record<string, SwitchDeclaration>>;
  readonly links: readonly LinkDeclaration[];
  readonly checks: readonly CheckDeclaration[];
}

export interface HostDeclaration {
  readonly form: HostForm;
  /** Tunnel addresses (one per family at most) or one interface name; empty: the source address towards the peers. */
  readonly underlay: readonly string[];
  readonly sudo?: boolean;
  readonly dockerSocket?: string;
  readonly acceptNewHostKey: boolean;
  readonly transport?: SshTransportName;
  /** How vppctl is called there; absent: as `vppctl`. */
  readonly vppctl?: readonly string[];
  /** The words that vale-ctl is called with. */
  readonly valeCtl?: readonly string[];
}

/** The clients that topo can log in with: the library in its own process, or OpenSSH's. */
export type SshTransportName = 'ssh2' | 'openssh';

export type HostForm =
  | { readonly is: 'local' }
  /** `[user@]host[:port]`, the host being a name of `~/.ssh/config` as well as an address. */
  | { readonly is: 'ssh'; readonly user?: string; readonly address: string; readonly port?: number }
  | { readonly is: 'sandbox'; readonly engine?: string }
  /** A Docker context of the operator: what it leads to is read when the host is opened. */
  | { readonly is: 'context'; readonly context: string };

export interface StackDeclaration {
  readonly host: HostName;
  readonly project?: string;
  readonly networks: Readonly<Record<string, NetworkDeclaration>>;
  readonly volumes: Readonly<Record<string, VolumeDeclaration>>;
  readonly configs: Readonly<Record<string, FileDeclaration>>;
  readonly secrets: Readonly<Record<string, FileDeclaration>>;
  readonly services: Readonly<Record<string, ServiceDeclaration>>;
}

export interface NetworkDeclaration extends NetworkExtras {
  readonly name?: string;
  /** It is there already, and not of this topology. */
  readonly external: boolean;
  readonly driver?: string;
  readonly ipv6?: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** At most one per family. */
  readonly subnets: readonly {
    readonly subnet: string;
    readonly gateway?: string;
    readonly range?: string;
    /** What the engine does not allot of it, by name. */
    readonly aux?: Readonly<Record<string, string>>;
  }[];
  /** `addresses`: the stack's own on the switch, at most one per family. */
  readonly fabric?: { readonly switch: string; readonly addresses: readonly string[] };
  /** The l2 switch that makes one network of this and others. */
  readonly stretch?: string;
}

/** What few networks say. */
export interface NetworkExtras {
  readonly attachable?: boolean;
  readonly ipv4?: boolean;
  /** Who manages its addresses, beside the subnets. */
  readonly ipam?: { readonly driver?: string; readonly options?: Readonly<Record<string, string>> };
}

export interface VolumeDeclaration {
  readonly name?: string;
  /** It is there already, and not of this topology. */
  readonly external: boolean;
  readonly driver?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** A service with Compose's meaning of every key. */
export interface ServiceDeclaration {
  /** Absent: what is built is called <project>-<service>. */
  readonly image?: string;
  readonly build?: BuildDeclaration;
  readonly containerName?: string;
  /** How many containers. */
  readonly replicas: number;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** null: taken from topo's own environment. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Undefined where the service says nothing: then it is on the stack's `default` network. */
  readonly networks?: Readonly<Record<string, Membership>>;
  readonly ports: readonly PortDeclaration[];
  readonly labels: Readonly<Record<string, string>>;
  readonly restart: RestartPolicy;
  readonly volumes: readonly MountDeclaration[];
  /** Configs, then secrets. */
  readonly files: readonly FileUse[];
  readonly pullPolicy: PullPolicy;
  /** By service of the same stack. */
  readonly dependsOn: Readonly<Record<string, DependencyDeclaration>>;
  readonly postStart: readonly HookDeclaration[];
  readonly limits: ResourceLimits;
  readonly settings: ServiceSettings;
  /** Its ports on switches. */
  readonly interfaces: readonly InterfaceDeclaration[];
  /** Whether its program is started once these and its links are there. */
  readonly waitForInterfaces: boolean;
  /** Of one that has a VPP of its own. */
  readonly userspace?: UserspaceDeclaration;
}

/** A config or secret of a stack. `unset`: the variable that was to have it is not set. */
export type FileDeclaration =
  | { readonly is: 'file'; readonly path: string }
  | { readonly is: 'content'; readonly text: string }
  | { readonly is: 'unset'; readonly variable: string }
  | { readonly is: 'external' };

/** How a service has a config or secret. */
export interface FileUse {
  readonly from: 'config' | 'secret';
  readonly source: string;
  /** Absolute, in the container. */
  readonly target: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
}

/** How a service is on a network. */
export interface Membership {
  readonly aliases: readonly string[];
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly linkLocal?: readonly string[];
  readonly mac?: string;
  /** Those of a higher one are joined first. */
  readonly priority?: number;
  readonly gatewayPriority?: number;
  /** The driver's, the interface's name among them. */
  readonly options?: Readonly<Record<string, string>>;
}

/** A command that is run in a container of a service. */
export interface HookDeclaration {
  readonly command: readonly string[];
  readonly user?: string;
  readonly privileged: boolean;
  readonly workingDir?: string;
  /** As of the service. */
  readonly environment: Readonly<Record<string, string | null>>;
}

/** What a service that comes first must have come to. */
export interface DependencyDeclaration {
  readonly condition: 'started' | 'healthy' | 'completed';
  /** Whether nothing starts where it is missing or fails; else that is passed over. */
  readonly required: boolean;
  /** Whether what depends on it is started again where it is made anew. */
  readonly restart: boolean;
}

export interface RestartPolicy {
  readonly name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  readonly retries?: number;
}

/** `refresh`: what the registry has now is taken instead, once what is there was tagged longer ago than that. */
export type PullPolicy =
  | { readonly is: 'missing' | 'never' | 'push' | 'build' }
  | { readonly is: 'refresh'; /** 0: `always`. */ readonly afterMs: number };

export interface PortDeclaration {
  readonly container: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly hostIp?: string;
  /** Absent: the engine chooses. */
  readonly host?: number;
  /** The last one of a range that the engine takes a free one of; `host` is the first. */
  readonly hostEnd?: number;
}

export interface MountDeclaration {
  readonly type: 'volume' | 'bind' | 'tmpfs' | 'image';
  /** A volume's key in the stack, an absolute path on the engine's host, or an image; absent: anonymous. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Of a bind: `rshared` and the like. */
  readonly propagation?: string;
  readonly selinux?: 'z' | 'Z';
  readonly recursive?: 'disabled' | 'writable' | 'readonly';
  /** The engine makes a directory of a bind's source that is not there, unless this is true. */
  readonly mustExist?: true;
  /** Of a volume: an empty one does not get what the image has there. */
  readonly noCopy?: true;
  /** What of a volume or image. */
  readonly subpath?: string;
  /** Of an anonymous volume. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Bytes of a tmpfs, and the mode of its directory. */
  readonly size?: number;
  readonly mode?: number;
}

export interface CheckDeclaration {
  /** `stack/service` with an optional `#n`. */
  readonly from: string;
  readonly test:
    | { readonly is: 'ping'; readonly to: string }
    | {
        readonly is: 'http';
        readonly to: string;
        readonly port: number;
        readonly path: string;
        readonly status: number;
      };
  /** Absent: any that both ends have, IPv4 first. */
  readonly family?: Family;
  readonly expect: 'ok' | 'unreachable';
  readonly retries: number;
  /** Milliseconds per try. */
  readonly timeout: number;
  /** Where it stands in the document. */
  readonly path: DocPath;
}
