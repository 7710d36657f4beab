import { readFileSync, readdirSync } from 'node:fs';
import { COMMANDS } from './commands/index.js';
import { readKnown } from './known.js';
import { MemifBoard } from './memif-board.js';
import { normal } from './normal.js';
import { PaperKernel } from './paper-kernel.js';
import type { Scene } from './scenes.js';
import { sceneOf } from './scenes.js';
import { Shell } from './shell.js';
import { freshVpp } from './vpp.js';

const RECORDED = new URL('recorded/', import.meta.url);

/** A line of a transcript. */
interface Recorded {
  readonly kind: 'vppctl' | 'host' | 'note';
  readonly vpp?: 'a' | 'b';
  readonly cmd: string;
  readonly argv?: readonly string[];
  readonly stdout: string;
}

/** How one recorded answer compares with the emulator's. */
export interface Replayed {
  /** `04-bridge:12` */
  readonly at: string;
  readonly command: string;
  readonly expected: string;
  readonly given: string;
  readonly refused: string | undefined;
  readonly equal: boolean;
}

/** The names of all transcripts. */
export const TRANSCRIPTS = readdirSync(RECORDED)
  .map(name => name.replace(/\.jsonl$/, ''))
  .toSorted();

/** Sends everything that a transcript sent to an emulated VPP of its own and compares what comes back. */
export function replay(name: string): readonly Replayed[] {
  const stage = new Stage(sceneOf(name));
  return read(name).flatMap((recorded, n) => {
    stage.before(n + 1);
    if (recorded.kind === 'host') stage.host(recorded.cmd);
    if (recorded.kind !== 'vppctl') return [];
    const sent = (recorded.argv ?? [recorded.cmd]).join(' ');
    const { output, refused } = stage.shell(recorded.vpp ?? 'a').run(sent);
    const equal = refused === undefined && normal(output) === normal(recorded.stdout);
    const at = `${name}:${n + 1}`;
    return [{ at, command: sent, expected: recorded.stdout, given: output, refused, equal }];
  });
}

function read(name: string): readonly Recorded[] {
  const text = readFileSync(new URL(`${name}.jsonl`, RECORDED), 'utf8').trimEnd();
  return text.split('\n').map(line => JSON.parse(line) as Recorded);
}

const KNOWN = readKnown(read('01-identity').find(({ cmd }) => cmd === '?')!.stdout);

/** The two VPPs of a transcript and the namespaces they stand in. */
class Stage {
  private readonly kernels: Readonly<Record<'a' | 'b', PaperKernel>>;
  private readonly shells = new Map<string, Shell>();
  private readonly chosen: number[];

  private readonly scene: Scene;

  constructor(scene: Scene) {
    this.scene = scene;
    const board = new MemifBoard();
    const directories = ['/run/memif', '/run/vpp', '/run/vpp-b', '/run/vh', '/run'];
    this.kernels = {
      a: new PaperKernel(scene.devices.a, directories, board),
      b: new PaperKernel(scene.devices.b, directories, board),
    };
    for (const kernel of Object.values(this.kernels)) kernel.vhostNet = scene.vhostNet ?? false;
    this.chosen = [...(scene.chosen ?? [])];
  }

  before(line: number): void {
    const { restart = [], without = [], sent = [], made = [] } = this.scene.before?.[line] ?? {};
    for (const vpp of restart) this.shells.set(vpp, this.fresh(vpp, without));
    for (const device of made) this.kernels.a.addDevice(device);
    for (const command of sent) this.shell('a').run(command);
  }

  /** Of what was done on the host only what a VPP can see counts. */
  host(command: string): void {
    for (const [, action, name, to] of command.matchAll(
      /ip -n nsa link (del|add|set) ([^\s;]+)(?: name ([^\s;]+))?/g,
    )) {
      if (action === 'del') this.kernels.a.removeDevice(name!);
      if (action === 'add') this.kernels.a.addDevice(name!);
      if (action === 'set' && to !== undefined) this.kernels.a.renameDevice(name!, to);
    }
  }

  shell(vpp: 'a' | 'b'): Shell {
    const shell = this.shells.get(vpp) ?? this.fresh(vpp, []);
    this.shells.set(vpp, shell);
    return shell;
  }

  private fresh(vpp: 'a' | 'b', without: readonly string[]): Shell {
    this.kernels[vpp].endVpp();
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
