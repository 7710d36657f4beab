import { createVhostUser, deleteVhostUser, makeSocketDirectory } from '../tools/index.js';
import { changed } from './fields.js';
import { vppInterfaceKind, type VppInterfaceSpec } from './vpp-interface.js';

/** The host's end of a vhost-user interface of a container: the one that listens. */
export interface VppVhostUserSpec extends VppInterfaceSpec {
  readonly instance: number;
  readonly socket: string;
  readonly mac: string;
}

/** Named by a number of topo's choice, which VPP would give twice: one that is there is found by its name before. */
export const vppVhostUser = vppInterfaceKind<VppVhostUserSpec, undefined>({
  name: 'vpp_vhost_user',
  noun: 'vhost-user of VPP',
  after: ['vpp_domain'],
  names: /^VirtualEthernet/,
  more: () => undefined,
  isOwn: ({ mac }, found) => found.mac === mac,
  fixed: ({ mac }, found) => changed('mac', found.mac, mac),
  create: ({ instance, socket, mac }) => [createVhostUser(instance, socket, mac)],
  remove: ({ name }) => [deleteVhostUser(name)],
  before: () => [makeSocketDirectory()],
});
