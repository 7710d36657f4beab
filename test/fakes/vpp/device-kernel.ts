import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { MemifWire } from './memif-wire.js';
import type { Attachment, Kernel, MemifEnd, MemifLink, Tap, TapRequest } from './kernel.js';

/** The network namespace that the process stands in: real devices, through the helper of `native/devices.c`. */
export class DeviceKernel implements Kernel {
  /** Of the process that holds the sockets; as VPP's own it ends this one too. */
  readonly pid: number;
  private readonly helper: Helper;
  private readonly servers = new Map<string, Server>();
  private readonly wire = new MemifWire();
  /** Frames that are stuck, by device. */
  private readonly stuck = new Map<string, number>();

  private readonly vhostNet: boolean;

  constructor(helper: string, directory: string, vhostNet: boolean) {
    ({ helper: this.helper, pid: this.pid } = openHelper(helper, directory));
    this.vhostNet = vhostNet;
  }

  attach(device: string): Attachment | undefined {
    const socket = this.number('attach', 0, device);
    if (socket < 0) return undefined;
    this.stuck.delete(device);
    const change = (verb: string, value: string | number): number | undefined =>
      this.number(verb, socket, value) || undefined;
    return {
      present: () => this.number('present', 0, device) === 1,
      setUp: up => void change('up', Number(up)),
      setMtu: bytes => change('mtu', bytes),
      setMac: mac => void change('mac', mac),
      waiting: () => this.stuck.get(device) ?? 0,
      close: () => {
        change('up', 0);
        this.number('close', socket, '');
      },
    };
  }

  /** Lets a device's transmit queue be blocked, as a frame that is too long does for ever. */
  block(device: string, frames: number): void {
    this.stuck.set(device, frames);
  }

  listen(path: string): boolean {
    if (!existsSync(dirname(path))) return false;
    rmSync(path, { force: true });
    this.servers.set(path, createServer(socket => this.wire.answer(path, socket)).listen(path));
    return true;
  }

  unlisten(path: string): void {
    this.servers.get(path)?.close();
    this.servers.delete(path);
  }

  memif(end: MemifEnd): MemifLink {
    return this.wire.add(end);
  }

  hasVhostNet(): boolean {
    return this.vhostNet || existsSync('/dev/vhost-net');
  }

  hasNamespace(name: string): boolean {
    return existsSync(`/run/netns/${name}`);
  }

  makeTap(wanted: TapRequest): Tap | string {
    const { name = '-', namespace = '-', mac, mtu = 0 } = wanted;
    const [socket, made = ''] = this.helper('tap', mtu, namespace, name, mac).split(' ');
    if (Number(socket) < 0) return `set link addr vnet_netlink_msg_send: netlink error ${socket}`;
    return { name: made, close: () => void this.number('close', Number(socket), '') };
  }

  private number(verb: string, number: number, word: string | number): number {
    return Number(this.helper(verb, number, word).split(' ')[0]);
  }
}

type Helper = (verb: string, number: number, ...words: readonly (string | number)[]) => string;

/** Starts the helper on two named pipes, which can be written and read without leaving a command half done. */
function openHelper(program: string, directory: string): { readonly helper: Helper; readonly pid: number } {
  const [asked, answered] = ['asked', 'answered'].map(name => `${directory}/${name}`) as [string, string];
  rmSync(asked, { force: true });
  rmSync(answered, { force: true });
  execFileSync('mkfifo', ['-m', '600', asked, answered]);
  // Opened both ways a pipe waits for nobody; the ends that stay are one way each, so that one process's end ends the other.
  const open = [asked, answered].map(path => openSync(path, constants.O_RDWR));
  const stdin = openSync(asked, constants.O_RDONLY);
  const stdout = openSync(answered, constants.O_WRONLY);
  const write = openSync(asked, constants.O_WRONLY);
  const read = openSync(answered, constants.O_RDONLY);
  const child = spawn(program, [], { stdio: [stdin, stdout, 'inherit'] }).on('exit', () => process.exit());
  for (const fd of [...open, stdin, stdout]) closeSync(fd);
  const buffer = Buffer.alloc(256);
  const helper: Helper = (...words) => {
    writeSync(write, `${words.join(' ')}\n`);
    return buffer.toString('utf8', 0, readSync(read, buffer)).trimEnd();
  };
  return { helper, pid: child.pid! };
}
