import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { run, type Ran } from '../../support/cli.js';
import { buildEmulator, type Programs } from './build.js';
import { controlOf, type Knobs, type Report } from './knobs.js';

/** How and where an emulated VPP is to stand. */
export interface Wanted {
  /** What a command is put behind to run where VPP runs, such as `nsenter` and its options; nothing: here. */
  readonly enter?: readonly string[];
  /** `/run/vpp/cli.sock` unless told; its directory is made. */
  readonly socket?: string;
  /** `25.10-release` unless told. */
  readonly version?: string;
  /** Plugins that are not loaded, without `_plugin.so`. */
  readonly without?: readonly string[];
  /** Taps can be made though this machine has no `/dev/vhost-net`. */
  readonly vhostNet?: boolean;
}

/** An emulated VPP. Disposing ends it and throws what was sent that no transcript has. */
export interface Emulator extends AsyncDisposable {
  /** The stand-in for `vppctl`: for a PATH, a mount, or a host's `vppctl:`. */
  readonly vppctl: string;
  readonly socket: string;
  /** Sends a command, as the product does. */
  ask(...words: readonly string[]): Promise<Ran>;
  /** Turns knobs; those not named stay. */
  turn(knobs: Knobs): Promise<void>;
  report(): Promise<Report>;
  /** Ends it as SIGKILL does: the socket file stays. */
  kill(): Promise<void>;
  /** Ends it and starts it again, with nothing left of what it held. */
  restart(): Promise<void>;
}

/** Why there can be no emulator here, or undefined. */
export function emulatorMissing(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  return spawnSync('gcc', ['--version']).status === 0 ? undefined : 'needs gcc';
}

/** Starts an emulated VPP and waits until it answers. */
export async function startVpp(wanted: Wanted = {}): Promise<Emulator> {
  const programs = await buildEmulator();
  const { socket = '/run/vpp/cli.sock', enter = [] } = wanted;
  const vppctl = (path: string, words: readonly string[]): Promise<Ran> =>
    run([...enter, programs.vppctl, '-s', path, ...words]);
  const refused: string[] = [];
  let process = await launch(programs, socket, wanted);
  const control = async (knobs: Knobs): Promise<Report> => {
    const { stdout } = await vppctl(controlOf(socket), [JSON.stringify(knobs)]);
    return JSON.parse(stdout) as Report;
  };
  const kill = async (): Promise<void> => {
    if (process.exitCode === null && process.signalCode === null) {
      refused.push(...(await control({})).refused);
      const gone = once(process, 'close');
      process.stdin!.end();
      await gone;
    }
  };
  return {
    vppctl: programs.vppctl,
    socket,
    ask: (...words) => vppctl(socket, words),
    turn: async knobs => void (await control(knobs)),
    report: () => control({}),
    kill,
    async restart() {
      await kill();
      process = await launch(programs, socket, wanted);
    },
    async [Symbol.asyncDispose]() {
      await kill();
      if (refused.length > 0)
        throw new Error(`no transcript tells what VPP answers to:\n${refused.join('\n')}`);
    },
  };
}

async function launch(programs: Programs, socket: string, wanted: Wanted): Promise<ChildProcess> {
  const { enter = [], version = '25.10-release', without = [], vhostNet = false } = wanted;
  const runtimeDirectory = socket.slice(0, socket.lastIndexOf('/'));
  const { devices: helper, help, daemon } = programs;
  const setup = JSON.stringify({ socket, runtimeDirectory, version, without, vhostNet, helper, help });
  const start = 'mkdir -p "$1" && shift && exec "$@"';
  const argv = [...enter, 'sh', '-c', start, 'sh', runtimeDirectory, process.execPath, daemon, setup];
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([once(child.stdout!, 'data'), once(child, 'close').then(() => fails(socket))]);
  return child;
}

function fails(socket: string): never {
  throw new Error(`the emulated VPP at ${socket} did not start`);
}
