import { COMMANDS } from './commands/index.js';
import { readKnown } from './known.js';
import { MemifBoard } from './memif-board.js';
import { PaperKernel } from './paper-kernel.js';
import type { Stage, Which } from './replay.js';
import type { Scene } from './scenes.js';
import { Shell, type Answer } from './shell.js';
import { recordedHelp } from './transcripts.js';
import { freshVpp } from './vpp.js';

const KNOWN = readKnown(recordedHelp());
const DIRECTORIES = ['/run/memif', '/run/vpp', '/run/vpp-b', '/run/vh', '/run'];

/** Two emulated VPPs in this process, and devices that are names. */
export class PaperStage implements Stage {
  private readonly kernels: Readonly<Record<Which, PaperKernel>>;
  private readonly shells: Record<Which, Shell>;
  private readonly chosen: number[];

  constructor(scene: Scene) {
    const board = new MemifBoard();
    const kernel = (vpp: Which): PaperKernel =>
      new PaperKernel(scene.devices[vpp], DIRECTORIES, board, scene.vhostNet ?? false);
    this.kernels = { a: kernel('a'), b: kernel('b') };
    this.chosen = [...(scene.chosen ?? [])];
    this.shells = { a: this.fresh('a', []), b: this.fresh('b', []) };
  }

  send(vpp: Which, text: string): Promise<Answer> {
    return Promise.resolve(this.shells[vpp].run(text));
  }

  restart(vpp: Which, without: readonly string[]): Promise<void> {
    this.kernels[vpp].endVpp();
    this.shells[vpp] = this.fresh(vpp, without);
    return Promise.resolve();
  }

  addDevice(name: string): void {
    this.kernels.a.addDevice(name);
  }

  removeDevice(name: string): void {
    this.kernels.a.removeDevice(name);
  }

  renameDevice(from: string, to: string): void {
    this.kernels.a.renameDevice(from, to);
  }

  private fresh(vpp: Which, without: readonly string[]): Shell {
    const identity = {
      version: '25.10-release',
      pid: 1,
      runtimeDirectory: vpp === 'a' ? '/run/vpp' : '/run/vpp-b',
      now: () => 1,
      started: 0,
      randomByte: () => 0,
      chooseDomain: () => this.chosen.shift() ?? 1,
      without,
    };
    return new Shell(freshVpp(this.kernels[vpp], identity), COMMANDS, KNOWN);
  }
}
