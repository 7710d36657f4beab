/** Where frames of an interface go. */
export type Layer2 =
  | { readonly mode: 'l3' }
  | { readonly mode: 'bridge'; readonly domain: number; readonly split: number; readonly role: Role }
  | { readonly mode: 'xconnect'; readonly peer: Port };

export type Role = 'normal' | 'bvi' | 'uu-fwd';

/** What `show hardware-interfaces` knows; sub-interfaces have none. */
export interface Hardware {
  readonly index: number;
  /** The name that it was made with; `set interface name` leaves it. */
  readonly name: string;
  readonly behind: Behind;
}

/** What stands behind an interface, as the family of commands that made it sees it. */
export interface Behind {
  readonly link: (port: Port) => boolean;
  /** Lines after `Link speed`, the brief ones. */
  readonly queues?: () => readonly string[];
  readonly details?: () => readonly string[];
  readonly setUp?: (up: boolean) => void;
  /** Undefined where it was done, else the error's text. */
  readonly setMtu?: (bytes: number) => string | undefined;
  readonly setMac?: (mac: string) => void;
  /** Frames that are stuck on their way out. */
  readonly waiting?: () => number;
  readonly close?: () => void;
}

export interface Port {
  readonly index: number;
  readonly kind: string;
  readonly hardware: Hardware | undefined;
  /** The interface that a sub-interface stands on. */
  readonly parent: Port | undefined;
  name: string;
  up: boolean;
  /** L3, IP4, IP6, MPLS. */
  mtu: readonly [number, number, number, number];
  mac: string | undefined;
  tag: string | undefined;
  readonly addresses: string[];
  unnumbered: Port | undefined;
  table: number;
  layer2: Layer2;
  rewrite: string;
  /** False for a loopback, and for what was a BVI once: as a normal port it gets nothing that is flooded, a trap that was seen. */
  flooded: boolean;
}

/** What makes an interface of what nobody set. */
export interface NewPort {
  readonly name: string;
  readonly kind: string;
  readonly behind?: Behind;
  readonly parent?: Port;
  readonly mac?: string;
  readonly up?: boolean;
  readonly mtu?: number;
}

/**
 * The order of the lists: by bytes; a name of fewer than eight characters stands after longer ones that begin with it
 * (host-v10 before host-v1, but vxlan_tunnel1 before vxlan_tunnel10), as was seen.
 */
export function byName(a: string, b: string): number {
  const [left, right] = [a, b].map(name => (name.length < 8 ? `${name}\x7f` : name)) as [string, string];
  return left < right ? -1 : Number(left > right);
}
