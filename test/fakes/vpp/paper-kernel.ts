import type { Attachment, Kernel, Tap, TapRequest } from './kernel.js';

/** A network namespace and its files as values, for tests that need no root. */
export class PaperKernel implements Kernel {
  private readonly devices = new Set<string>();
  private readonly files = new Set<string>();
  /** Whether `/dev/vhost-net` is there. */
  vhostNet = false;

  private readonly directories: readonly string[];

  constructor(devices: readonly string[], directories: readonly string[]) {
    this.directories = directories;
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
    if (!this.directories.some(directory => path.startsWith(`${directory}/`))) return false;
    this.files.add(path);
    return true;
  }

  unlisten(path: string): void {
    this.files.delete(path);
  }

  hasVhostNet(): boolean {
    return this.vhostNet;
  }

  makeTap(wanted: TapRequest): Tap | string {
    return { name: wanted.name ?? 'tap0', close: () => undefined };
  }
}
