import type { Diagnostic } from './diagnostic.js';
import type { EngineContainer } from './engine-container.js';
import type {
  FdbEntry,
  IptablesRules,
  Link,
  Listener,
  Namespace,
  Neighbour,
  NftTable,
  Offloading,
  Route,
} from './kernel.js';
import type { HostName, ResourceId } from './names.js';
import type { ValeInventory } from './vale.js';
import type { VdeInventory } from './vde.js';
import type { PortVlan } from './vlan.js';
import type { InsideVpp, VppFacts, VppState } from './vpp.js';

/** A host as it was read in one round trip: what it can do, and what is on it. Plain data. */
export interface HostView {
  readonly host: HostName;
  readonly facts: Facts;
  readonly inventory: Inventory;
}

/** What a host is. */
export interface Facts {
  readonly hostname: string;
  readonly kernel: string;
  readonly arch: string;
  /** `/proc/sys/kernel/random/boot_id` and the inode of the network namespace: together they tell hosts apart. */
  readonly bootId: string;
  readonly netns: string;
  /** Programs that were found, by name. */
  readonly tools: Readonly<Record<string, string>>;
  /** The queues that impair and that its kernel can make (`netem`, `tbf`); absent: nobody asked. */
  readonly qdiscs?: readonly string[];
  readonly engine: EngineFacts;
  /** Of the VPP there; absent where none was asked. */
  readonly vpp?: VppFacts;
  /** The host's own address on the connection that topo came by, and the operator's; undefined for `local`. */
  readonly reachedAt?: string;
  readonly reachedFrom?: string;
  /** True where the host does not exist yet and these are the facts that it will have. */
  readonly computed?: true;
  /** True where only the engine can be asked: of the machine beneath nothing else is known. */
  readonly engineOnly?: true;
}

export type EngineFacts =
  | {
      readonly is: 'running';
      readonly version: string;
      readonly apiVersion: string;
      readonly arch: string;
      readonly id: string;
      /** Where it keeps its containers; undefined where it did not tell. */
      readonly dataRoot?: string;
      /** It is part of a swarm; UDP port of its data, which only managers are told. */
      readonly swarm?: { readonly port?: number };
      /** The system it runs on, in its own words: `Debian GNU/Linux 12 (bookworm)`; and that system's kernel. */
      readonly system?: string;
      readonly kernel?: string;
      /** What it filters with, where it tells (from 29 on): `iptables`, `nftables`. */
      readonly firewall?: string;
      /** The limits that it can't hold, by its own names (`MemoryLimit`, `PidsLimit` …); absent: none. */
      readonly lacks?: readonly string[];
      /** True where it runs without root: its networks are in a namespace of its own. */
      readonly rootless?: true;
    }
  | { readonly is: 'missing'; readonly why: string; readonly hint: string };

/** What is on a host, in its own network namespace, and in its engine. */
export interface Inventory {
  readonly links: readonly Link[];
  /** The network namespaces of running containers; none were entered where there was no reason to. */
  readonly namespaces: readonly Namespace[];
  /** Read where a dataplane was asked: others take whatever a device sends. */
  readonly offloading: readonly Offloading[];
  readonly routes: readonly Route[];
  readonly fdb: readonly FdbEntry[];
  /** Of the ports of bridges. */
  readonly vlans: readonly PortVlan[];
  readonly neighbours: readonly Neighbour[];
  /** `iptables-save` and `ip6tables-save`, by family; undefined where they could not be read. */
  readonly iptables: Readonly<Record<4 | 6, IptablesRules | undefined>>;
  /** nftables tables whose name begins with `topo`, and the names of all others. */
  readonly nft: readonly NftTable[];
  /** UDP sockets that are bound in the host's namespace. */
  readonly udp: readonly Listener[];
  /** TCP sockets that listen there. */
  readonly tcp: readonly Listener[];
  /** The sysctls topo cares for, by dotted name. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** What its VPP has; undefined where none runs, or none was asked. */
  readonly vpp: VppState | undefined;
  readonly containers: readonly EngineContainer[];
  readonly networks: readonly EngineNetwork[];
  readonly volumes: readonly EngineVolume[];
  /** What stands in containers' hosts files between the marks of this topology. */
  readonly nameBlocks: readonly NameBlock[];
  /** Of containers of this topology, by id: when each was started, and the start for which its hooks were run. */
  readonly runs: Readonly<Record<string, ContainerRuns>>;
  /** The VPPs of such containers that were asked and gave an answer, by id of the container. */
  readonly insideVpps: Readonly<Record<string, InsideVpp>>;
  /** Every tag and digest reference of every image, to the image's id. */
  readonly images: Readonly<Record<string, string>>;
  /** Of what images were built by topo: the text of their label, by the image's id. */
  readonly builds: Readonly<Record<string, string>>;
  /** Of images that are to follow their registry, by reference: the digest that it has for them now, or why that can't be told. */
  readonly newest: Readonly<Record<string, NewestImage>>;
  readonly vde: VdeInventory;
  /** Devices of the host's own of which this topology wrote down how they were, before it made them ports. */
  readonly taken: readonly string[];
  /** What was last applied to this host by this topology; undefined where there is no record. */
  readonly applied: Applied | undefined;
  /** What this topology found out on this host about the paths to its peers; part of the record. */
  readonly paths: readonly PathMtu[];
  /** The topologies that have a record on this host. */
  readonly topologies: readonly string[];
  /** Simulated hosts; only the operator's machine has any. */
  readonly sandboxes: readonly SandboxState[];
  /** Undefined: the host was not asked. */
  readonly vale: ValeInventory | undefined;
  /** Parts of the inventory that could not be read, with the reason: what they would have shown is unknown. */
  readonly unread: Readonly<Partial<Record<InventoryPart, string>>>;
}

export type InventoryPart = Exclude<keyof Inventory, 'unread'>;

export type NewestImage = { readonly digest: string } | { readonly why: Diagnostic };

export interface EngineNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly ipv6: boolean;
  /** As of a container. */
  readonly inspected?: unknown;
}

export interface EngineVolume {
  readonly name: string;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Times as the engine has them (RFC 3339), only compared with each other. */
export interface ContainerRuns {
  readonly startedAt: string;
  readonly hooksAt?: string;
}

/** topo's block in the hosts file of a container, given by its id; `lines`: what stands between the marks, as it is. */
export interface NameBlock {
  readonly container: string;
  /** Where that file is on the host. */
  readonly file: string;
  readonly mark: string;
  readonly lines: string;
}

/** `/var/lib/topo/<name>/` of a host. */
export interface Applied {
  readonly format: 1;
  readonly topology: string;
  /** Digest of the last-applied spec of every resource. */
  readonly specs: Readonly<Record<ResourceId, string>>;
  /** The topology's hosts and how they are reached (host.json), so that one host leads to the rest. */
  readonly hosts: Readonly<Record<HostName, unknown>>;
  /** Hex key of the keyed digests; the same on all hosts of a topology. */
  readonly key: string;
  readonly bootId: string;
}

/** What a path to a peer was found to carry, between the outer addresses of a tunnel. */
export interface PathMtu {
  readonly from: string;
  readonly to: string;
  /** Bytes that both ends let through when it was measured, by their devices and routes: it says nothing once that is another. */
  readonly most: number;
  /** Bytes of the largest IP packet that arrived whole; undefined where nothing was answered. */
  readonly carries?: number;
  /** Why nothing was. */
  readonly why?: string;
}

/** A simulated host, from its run directory or from what is left of one. */
export interface SandboxState {
  readonly name: string;
  /** `<topology>` it belongs to, empty for an independent one. */
  readonly topology: string;
  readonly address: string;
  readonly engine: string;
  readonly running: boolean;
  /** Named volumes in its engine's data, told where it is not running. */
  readonly kept: boolean;
  /** How much of it is up, where that is not all: `sshd is not running`. */
  readonly problems: readonly string[];
}
