import type { Attachment, Kernel, MemifEnd, MemifLink, Tap, TapRequest } from './kernel.js';
import type { MemifBoard } from './memif-board.js';

/** A network namespace and its files as values, for tests that need no root. */
export class PaperKernel implements Kernel {
  private readonly devices = new Set<string>();
  /** Whether `/dev/vhost-net` is there. */
  private readonly vhostNet: boolean;

  private readonly directories: readonly string[];
  private readonly board: MemifBoard;
  /** Taps by their namespaces: those that can be named, and VPP's own. */
  private readonly taps: Readonly<Record<string, Set<string>>> = {
    '': new Set(),
    c1: new Set(),
    c2: new Set(),
  };

  constructor(
    devices: readonly string[],
    directories: readonly string[],
    board: MemifBoard,
    vhostNet: boolean,
  ) {
    this.vhostNet = vhostNet;
    this.directories = directories;
    this.board = board;
    for (const name of devices) this.addDevice(name);
  }

  addDevice(name: string): void {
    this.devices.add(name);
  }

  removeDevice(name: string): void {
    this.devices.delete(name);
  }

  renameDevice(from: string, to: string): void {
    if (this.devices.delete(from)) this.devices.add(to);
  }

  attach(name: string): Attachment | undefined {
    if (!this.devices.has(name)) return undefined;
    return {
      present: () => this.devices.has(name),
      setUp: () => undefined,
      // The least and the largest that a veth takes.
      setMtu: bytes => (bytes < 68 || bytes > 65_535 ? 22 : undefined),
      setMac: () => undefined,
      waiting: () => 0,
      close: () => undefined,
    };
  }

  listen(path: string): boolean {
    return this.directories.some(directory => path.startsWith(`${directory}/`));
  }

  unlisten(): void {
    return undefined;
  }

  hasVhostNet(): boolean {
    return this.vhostNet;
  }

  memif(end: MemifEnd): MemifLink {
    return this.board.add(end, this);
  }

  hasNamespace(name: string): boolean {
    return name in this.taps;
  }

  makeTap(wanted: TapRequest): Tap | string {
    const { namespace = '', mac, addresses, gateway } = wanted;
    const taken = this.taps[namespace] ?? new Set();
    if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1)
      return 'set link addr vnet_netlink_msg_send: netlink error -99';
    if (gateway !== undefined && addresses.length === 0)
      return 'add ip4 route vnet_netlink_msg_send: netlink error -101';
    const name = wanted.name ?? freeTap(taken);
    taken.add(name);
    return { name, close: () => void taken.delete(name) };
  }

  /** What goes with a VPP that ends. */
  endVpp(): void {
    this.board.end(this);
    for (const taken of Object.values(this.taps)) taken.clear();
  }
}

/** As the kernel names the next tap. */
const freeTap = (taken: ReadonlySet<string>): string => {
  let n = 0;
  while (taken.has(`tap${n}`)) n += 1;
  return `tap${n}`;
};
