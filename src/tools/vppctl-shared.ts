import type { Step } from '../core/index.js';
import type { VppCommand } from './vppctl.js';

/** Where VPPs of a host and of its containers find each other's sockets: the place that the Userspace CNI has for them. */
export const SOCKETS = '/var/run/vpp/cni/shared';

/** One end of memory that two VPPs share. */
export interface MemifWords {
  /** 1 to 4294967294. */
  readonly socketId: number;
  /** A path as VPP sees it. */
  readonly socket: string;
  readonly role: 'master' | 'slave';
  readonly mac: string;
}

/** The name that VPP gives to the one interface on a socket. */
export function memifName(socketId: number): string {
  return `memif${socketId}/0`;
}

/** Makes a socket and an interface on it. The same socket may be there already; a socket of another file under its id may not. */
export function createMemif({ socketId, socket, role, mac }: MemifWords): readonly VppCommand[] {
  return [
    { words: ['create', 'memif', 'socket', 'id', socketId, 'filename', socket] },
    { words: ['create', 'interface', 'memif', 'id', 0, 'socket-id', socketId, role, 'hw-addr', mac] },
  ];
}

/** Not to be asked for twice. The socket goes only once nothing is on it. */
export function deleteMemif(socketId: number): readonly VppCommand[] {
  return [
    { words: ['delete', 'interface', 'memif', memifName(socketId)] },
    { words: ['delete', 'memif', 'socket', 'id', socketId] },
  ];
}

/** The name that VPP gives to a vhost-user interface that is numbered so. */
export function vhostUserName(instance: number): string {
  return `VirtualEthernet0/0/${instance}`;
}

/** Makes the side that listens. VPP takes a number that another one has too (seen). */
export function createVhostUser(instance: number, socket: string, mac: string): VppCommand {
  const words = ['create', 'vhost-user', 'socket', socket, 'server', 'hwaddr', mac, 'renumber', instance];
  return { words, says: vhostUserName(instance) };
}

/** By its name. */
export function deleteVhostUser(name: string): VppCommand {
  return { words: ['delete', 'vhost-user', name] };
}

/** The directory of the sockets: VPP makes none, and with the first master on one that is missing its socket is spoilt (seen). */
export function makeSocketDirectory(): Step {
  return { via: 'exec', argv: ['mkdir', '-p', SOCKETS], mutates: true, label: `make ${SOCKETS}` };
}
