import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { startAskpass, type Answerer } from './openssh-askpass.js';
import { masterArgv, READY, type OpensshLogin } from './openssh-argv.js';

/** A socket's path has 104 bytes on macOS and 108 on Linux, and ssh adds up to 20 to a name while it makes one. */
const LONGEST = 70;

/** Bytes of what ssh said that are kept. */
const SAID = 65_536;

/** Milliseconds that are waited for the end of a master that was told to. */
const FAREWELL_MS = 1_000;

/**
 * $1 a directory, then an argv: runs it until its own input ends, which it does with the process at the other end however
 * that goes; then ends the program and takes the directory away. The program can be ended by no Ctrl-C. Its standard
 * error ends when it does, for the shell lets go of its own.
 */
const KEEP = `trap '' INT QUIT
dir=$1
shift
"$@" </dev/null &
exec >/dev/null 2>&1
read -r _
kill "$!"
wait "$!"
rm -rf -- "$dir"`;

/** A connection that is kept by a program of its own, which ends with this process. */
export interface Master {
  /** The control socket. */
  readonly control: string;
  /** A path for a socket beside it. */
  readonly beside: (name: string) => string;
  /** Resolves when the connection stands, or when there will be none. */
  readonly ready: Promise<boolean>;
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>;
  /** Whether somebody answered what it asked. */
  readonly answered: () => boolean;
  /** What ssh said, at most the last {@link SAID} bytes. */
  readonly said: () => string;
  /** Hears every line that ssh says. */
  readonly onLine: (hear: (line: string) => void) => void;
  close(): Promise<void>;
}

type Keeper = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts OpenSSH's client; `answerer`: who is there to be asked. Throws a system error where this machine can't run it. */
export async function startMaster(
  login: OpensshLogin,
  env: NodeJS.ProcessEnv,
  answerer: Answerer | undefined,
): Promise<Master> {
  const base = env['TMPDIR'] || tmpdir();
  const dir = await mkdtemp(join(base.length > LONGEST ? '/tmp' : base, 'topo-ssh-'));
  const control = join(dir, 'master');
  const askpass = answerer && (await startAskpass(dir, env, answerer));
  // Without a terminal of its own neither it nor the ssh of a jump host can ask there.
  const child = spawn('/bin/sh', ['-c', KEEP, 'sh', dir, ...masterArgv(control, login)], {
    env: askpass?.env ?? { ...env, SSH_ASKPASS_REQUIRE: 'never' },
    detached: !askpass,
    stdio: 'pipe',
  });
  child.stdin.on('error', () => undefined);
  try {
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  } catch (error) {
    askpass?.close();
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  const master = masterOf(child, dir, control);
  void master.ready.then(() => askpass?.close());
  return { ...master, answered: () => askpass?.answered() === true };
}

function masterOf(child: Keeper, dir: string, control: string): Omit<Master, 'answered'> {
  let said = '';
  const listeners: ((line: string) => void)[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID);
    for (const line of text.split('\n')) for (const hear of listeners) hear(line);
  });
  const ended = new Promise<void>(resolve => child.stderr.once('close', resolve));
  void ended.then(() => child.stdin.end());
  const gone = new Promise<void>(resolve => child.once('close', () => resolve()));
  return {
    control,
    beside: name => join(dir, name),
    ready: Promise.race([printed(child.stdout), ended.then(() => false)]),
    ended,
    said: () => said,
    onLine: hear => void listeners.push(hear),
    async close() {
      child.stdin.end();
      await Promise.race([gone, delay(FAREWELL_MS, undefined, { ref: false })]);
    },
  };
}

/** Whether the master says that it is ready. It says nothing else there. */
function printed(stdout: Readable): Promise<boolean> {
  let said = '';
  return new Promise(resolve =>
    stdout
      .on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-SAID);
        if (said.includes(READY)) resolve(true);
      })
      .once('close', () => resolve(false)),
  );
}
