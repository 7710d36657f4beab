import { createLoopback, deleteLoopback } from '../tools/index.js';
import { changed } from './fields.js';
import { vppInterfaceKind, type VppInterfaceSpec } from './vpp-interface.js';

/** VPP's own interface in a bridge domain (BVI): the gateway of what is on it. */
export interface VppLoopbackSpec extends VppInterfaceSpec {
  /** 0 to 16383. */
  readonly instance: number;
  readonly mac: string;
}

/** A loopback serves as BVI as well as what VPP calls so, and takes its MAC when it is made. */
export const vppLoopback = vppInterfaceKind<VppLoopbackSpec, undefined>({
  name: 'vpp_loopback',
  noun: 'BVI',
  // A port that somebody made the BVI gives that up first.
  after: [
    'vpp_domain',
    'vpp_host_interface',
    'vpp_memif',
    'vpp_tap',
    'vpp_tunnel',
    'vpp_uplink',
    'vpp_vhost_user',
  ],
  names: /^loop\d+$/,
  more: () => undefined,
  isOwn: ({ mac }, found) => found.mac === mac,
  fixed: ({ mac }, found) => changed('mac', found.mac, mac),
  create: ({ instance, mac }) => [createLoopback(instance, mac)],
  remove: ({ name }) => [deleteLoopback(name)],
});
