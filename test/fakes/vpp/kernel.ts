/** What an emulated VPP asks of the network namespace and the files around it. */
export interface Kernel {
  /** Opens a packet socket on a device and sets it up, as creating a host-interface does; undefined where there is none. */
  readonly attach: (device: string) => Attachment | undefined;
  /** Whether a socket can be made at this path; if so there is a file until `unlisten`. */
  readonly listen: (path: string) => boolean;
  readonly unlisten: (path: string) => void;
  /** One end of a memif; it meets the other end of its id at the socket once both are up, and stays so until one goes. */
  readonly memif: (end: MemifEnd) => MemifLink;
  /** Whether there is a network namespace of that name. */
  readonly hasNamespace: (name: string) => boolean;
  /** Whether taps can be made: `/dev/vhost-net`. */
  readonly hasVhostNet: () => boolean;
  /** Makes a tap in a named namespace or VPP's own; the text of the error where it can't. */
  readonly makeTap: (wanted: TapRequest) => Tap | string;
}

/** A packet socket. */
export interface Attachment {
  /** A device of that name is there, be it another one than the socket was opened on. */
  readonly present: () => boolean;
  readonly setUp: (up: boolean) => void;
  /** Undefined, or the kernel's error number. */
  readonly setMtu: (bytes: number) => number | undefined;
  readonly setMac: (mac: string) => void;
  /** Frames that were handed to the kernel and are stuck: more than none is a queue that is blocked for ever. */
  readonly waiting: () => number;
  readonly close: () => void;
}

export interface TapRequest {
  /** Absent: the kernel picks the next free tapN. */
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly mac: string;
  readonly mtu: number | undefined;
  readonly addresses: readonly string[];
  readonly gateway: string | undefined;
}

export interface Tap {
  readonly name: string;
  readonly close: () => void;
}

export interface MemifEnd {
  readonly role: 'master' | 'slave';
  readonly path: string;
  readonly id: number;
  readonly name: string;
  readonly up: () => boolean;
}

export interface MemifLink {
  /** The other end's name while they are connected. */
  readonly peer: () => string | undefined;
  /** Why they are no more, as each side put it. */
  readonly parting: () => { readonly local?: string; readonly remote?: string };
  readonly close: () => void;
}
