import type { DocPath } from './diagnostic.js';
import type { Impairment } from './impairment.js';
import type { SharedMedium } from './userspace.js';
import type { PortVlans } from './vlan.js';

/** What interfaces and ends of links have in common. */
export interface PlugDeclaration {
  /** The device's name in the container. */
  readonly name?: string;
  /** Absent: allotted where the switch has a subnet. */
  readonly ip?: readonly string[] | 'none';
  /** Absent: from a hash of the name. */
  readonly mac?: string;
  readonly gateways: readonly string[];
  readonly routes: readonly { readonly to: string; readonly via?: string }[];
  readonly mtu?: number;
  readonly up?: boolean;
  /** Absent: what suits both ends. */
  readonly via?: Medium | SharedMedium | 'tap' | 'veth';
  /** Of the port of a bridge that it is, or that is at its other end. */
  readonly vlan?: PortVlans;
  /** What is done to what it sends; the link's is in it. */
  readonly impair?: Impairment;
  /** Where it stands in the document. */
  readonly path: DocPath;
}

export interface InterfaceDeclaration extends PlugDeclaration {
  readonly switch: string;
}

export interface EndDeclaration extends PlugDeclaration {
  readonly at: EndPoint;
}

/** A service's container; or a switch or host by name, and a port of the one or a device of the other. */
export type EndPoint =
  | { readonly is: 'service'; readonly stack: string; readonly service: string; readonly n?: number }
  | { readonly is: 'named'; readonly name: string; readonly port?: string };

export interface LinkDeclaration {
  readonly ends: readonly [EndDeclaration, EndDeclaration];
  readonly mtu?: number;
  readonly up?: boolean;
  readonly path: DocPath;
}

/** How a host's own device is made use of: a device of its own beside it, or as a port of a bridge. */
export type Medium = 'macvlan' | 'enslave';
