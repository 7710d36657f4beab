import type { Family, HostName } from '../core/index.js';

export interface IpOptions {
  /** `stack`, `stack/service`, `stack/service#n`, with `:` and a device or a Docker network's key; all where absent. */
  readonly target?: string;
  /** Read the hosts for what engines have given; for a target that is done without being asked. */
  readonly live?: boolean;
  readonly family?: Family;
}

export interface Addresses {
  readonly topology: string;
  readonly connections: readonly ConnectionAddresses[];
  readonly switches: readonly SwitchAddresses[];
}

/** A container on a Docker network, or on a wire of topo's. */
export interface ConnectionAddresses {
  readonly host: HostName;
  /** `shop/web`, `shop/web#2`. */
  readonly service: string;
  readonly container: string;
  /** The network's key, or the device. */
  readonly at: string;
  /** The network's name, the switch, or what is at the other end. */
  readonly on: string;
  /** Empty where the engine chooses and was not asked. */
  readonly mac: string;
  /** With lengths where the file decides them. Empty as above. */
  readonly addresses: readonly string[];
  readonly given: 'file' | 'engine';
  /** The wire's name, and its own VXLAN network identifier where it crosses hosts. */
  readonly link?: string;
  readonly vni?: number;
}

export interface SwitchAddresses {
  readonly name: string;
  readonly kind: string;
  readonly vni?: number;
  readonly subnets: readonly string[];
  /** Of stacks on a routed switch, and of the host on a bridge. */
  readonly at: readonly { readonly who: string; readonly addresses: readonly string[] }[];
}
