import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, type Ran } from '../../support/cli.js';
import { startVpp, type Emulator, type Wanted } from './emulator.js';

/** A VPP that a test starts, emulated or real. */
export interface TestVpp extends AsyncDisposable {
  /** How `vppctl:` of its host calls it. */
  readonly calledBy: readonly string[];
  /** What a container mounts to have `vppctl` on its path. */
  readonly volumes: readonly string[];
  /** What only an emulated one can be made to do. */
  readonly emulator?: Emulator;
  /** Sends a command, as the product does. */
  ask(...words: readonly string[]): Promise<Ran>;
  /** Ends it as SIGKILL does: the socket file stays. */
  kill(): Promise<void>;
  /** Ends it and starts it again, with nothing left of what it held. */
  restart(): Promise<void>;
}

/** `vppctl` and its options, of a real VPP; undefined: there is none for tests. */
export const REAL_VPPCTL = wordsOf(process.env.TOPO_REAL_VPP);

/** What runs a real VPP wherever a test wants one, until it is killed, with its sockets in the directory that is put behind. */
const START = wordsOf(process.env.TOPO_REAL_VPP_START);

/** Whether frames pass through what {@link startTestVpp} starts: an emulated VPP carries none. */
export const CARRIES_FRAMES = REAL_VPPCTL !== undefined && START !== undefined;

const SOCKET = '/run/vpp/cli.sock';

/** Milliseconds that a real VPP may take until it answers. */
const PATIENCE = 60_000;

/** Starts a real VPP where the environment says how, else an emulated one. */
export async function startTestVpp({
  enter = [],
  socket = SOCKET,
}: Pick<Wanted, 'enter' | 'socket'>): Promise<TestVpp> {
  if (REAL_VPPCTL && START) return startReal(REAL_VPPCTL, START, enter, socket);
  const emulator = await startVpp({ enter, socket });
  const { vppctl } = emulator;
  return Object.assign(emulator, { calledBy: [vppctl], volumes: [`${vppctl}:/bin/vppctl:ro`], emulator });
}

async function startReal(
  calledBy: readonly string[],
  start: readonly string[],
  enter: readonly string[],
  socket: string,
): Promise<TestVpp> {
  const vppctl = calledBy[0]!;
  const ask = (...words: readonly string[]): Promise<Ran> => run([...enter, vppctl, '-s', socket, ...words]);
  const directory = socket.slice(0, socket.lastIndexOf('/'));
  let process = await launch([...enter, 'sh', '-c', HOLD, 'sh', ...start, directory], ask);
  const kill = async (): Promise<void> => {
    if (process.exitCode !== null || process.signalCode !== null) return;
    const gone = once(process, 'close');
    process.stdin!.end();
    await gone;
  };
  return {
    calledBy,
    volumes: [`${vppctl}:/bin/vppctl:ro`, '/lib:/lib:ro', '/lib64:/lib64:ro'],
    ask,
    kill,
    async restart() {
      await kill();
      process = await launch(process.spawnargs, ask);
    },
    [Symbol.asyncDispose]: kill,
  };
}

/** It goes with its test: when nobody holds the other end of its standard input any more. */
const HOLD = '"$@" </dev/null >/dev/null 2>&1 & cat; kill -KILL $!; wait $!; exit 0';

async function launch(argv: readonly string[], ask: TestVpp['ask']): Promise<ChildProcess> {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'ignore', 'inherit'] });
  const end = Date.now() + PATIENCE;
  while (!(await ask('show version')).stdout.startsWith('vpp ')) {
    if (Date.now() > end) throw new Error('the real VPP does not answer');
    await sleep(100);
  }
  return child;
}

function wordsOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(' ');
}
