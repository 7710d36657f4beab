import { createMemif, deleteMemif, makeSocketDirectory } from '../tools/index.js';
import { changed } from './fields.js';
import { vppInterfaceKind, type VppInterfaceSpec } from './vpp-interface.js';

/** The host's end of memory that its VPP shares with a container's: the master, which has the socket. */
export interface VppMemifSpec extends VppInterfaceSpec {
  readonly socketId: number;
  readonly socket: string;
  readonly mac: string;
}

/** A socket of its own each: its number is in the name, so a foreign one of that number is in the way. */
export const vppMemif = vppInterfaceKind<VppMemifSpec, undefined>({
  name: 'vpp_memif',
  noun: 'memif of VPP',
  after: ['vpp_domain'],
  names: /^memif\d+\/0$/,
  more: () => undefined,
  isOwn: ({ mac }, found) => found.mac === mac,
  fixed: ({ mac }, found) => changed('mac', found.mac, mac),
  create: ({ socketId, socket, mac }) => createMemif({ socketId, socket, role: 'master', mac }),
  remove: ({ name }) => deleteMemif(Number(/^memif(\d+)/.exec(name)?.[1])),
  before: () => [makeSocketDirectory()],
});
