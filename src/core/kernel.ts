import type { Qdisc } from './impairment.js';

/** A network device as `ip -d -j address` tells it. */
export interface Link {
  readonly name: string;
  readonly index: number;
  /** `vxlan`, `bridge`, `veth` …; empty for a physical device. */
  readonly kind: string;
  readonly alias: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** It was told to give on frames for others, too. */
  readonly promiscuous?: true;
  /** It is up, and what is at its other end is not. */
  readonly noCarrier?: true;
  /** The index of the device at its other end or beneath it, where that is in another namespace. */
  readonly peer?: number;
  /** The device at its other end or beneath it, where that is in this namespace too. */
  readonly other?: string;
  readonly master?: string;
  /** `info_slave_data` of `ip -d -j` of a port of a bridge, as it comes: its `state` and what it is told. */
  readonly port?: Readonly<Record<string, unknown>>;
  readonly group: string;
  /** `info_data` of `ip -d -j`, as it comes. */
  readonly data: Readonly<Record<string, unknown>>;
  /** `10.0.0.1/24`, link-local ones left out. */
  readonly addresses: readonly string[];
  /** Those of them that last for a time: of a lease, or by router advertisement. Absent: none. */
  readonly leased?: readonly string[];
  /** What it sends through, where somebody has set that. */
  readonly qdisc?: Qdisc;
}

/** What is in a namespace that one container or several are in. */
export interface Namespace {
  /** The engine's path of it. */
  readonly path: string;
  /** Full ids. */
  readonly containers: readonly string[];
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
}

/** A device that leaves checksums, and with them cutting into frames, to whom it gives what it sends (`tx-checksumming` of ethtool). */
export interface Offloading {
  readonly device: string;
  /** It is told for another reason: what it receives is put together to more than a frame (`generic-receive-offload`, `large-receive-offload`). */
  readonly joins?: true;
  /** The engine's path of the network namespace that it is in; absent: the host's. */
  readonly path?: string;
}

export interface Route {
  readonly family: 4 | 6;
  /** `default` is given as `0.0.0.0/0` or `::/0`, a host route with its full length. */
  readonly dst: string;
  readonly via?: string;
  readonly dev?: string;
  /** As a number: iproute2's names are translated back. */
  readonly protocol: number;
  readonly source?: string;
  readonly metric: number;
  readonly mtu?: number;
  readonly table: string;
}

export interface FdbEntry {
  readonly dev: string;
  readonly mac: string;
  readonly dst?: string;
  /** The bridge whose entry it is; absent: it is the device's own. */
  readonly master?: string;
  /** `permanent`, `static`, or empty for a learned one. */
  readonly state: string;
}

export interface Neighbour {
  readonly dev: string;
  readonly address: string;
  readonly mac?: string;
  readonly permanent: boolean;
}

/** Tables → chains → rules, as `iptables-save` writes them (`-A CHAIN` left out), in order. */
export type IptablesRules = Readonly<Record<string, Readonly<Record<string, IptablesChain>>>>;

export interface IptablesChain {
  /** `ACCEPT`, `DROP`, or `-` for a user chain. */
  readonly policy: string;
  readonly rules: readonly string[];
}

/** An nftables table. */
export interface NftTable {
  readonly family: string;
  readonly name: string;
  /** The packet mark that an engine's own table lets through to containers, `0x10/0x10`: value and mask. */
  readonly accepts?: string;
  /** Its chains by name; only of topo's own tables. */
  readonly chains?: Readonly<Record<string, NftChain>>;
}

/** A chain and the comments of its rules in order, empty where a rule has none: rules are told apart by them, not by how nft prints them. */
export interface NftChain {
  readonly type: string;
  /** Empty for a chain that is no base chain, as `type` and `policy` are. */
  readonly hook: string;
  readonly priority: number;
  readonly policy: string;
  readonly comments: readonly string[];
}

export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly process: string;
  readonly pid?: number;
}
