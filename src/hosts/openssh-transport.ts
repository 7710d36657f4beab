import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { messageOf } from '../core/index.js';
import { begun, commandLine } from './command-line.js';
import { endingLine } from './ending-line.js';
import { hostError, lost, noSession } from './errors.js';
import { checkArgv, forwardArgv, sessionArgv } from './openssh-argv.js';
import { lastWords } from './openssh-explain.js';
import type { Master } from './openssh-master.js';
import type { Running, Transport } from './transport.js';
import { tunnel } from './tunnel.js';

/** How often opening a session is tried where the server has none free, for it frees them late: 20 ms, 40 ms … 160 ms between. */
const TRIES = 5;

/** How ssh says that there is no session to be had (mux.c, ssh_session2_open). */
const FULL = /session request failed|refused by peer/i;

/** What ssh ends with where the command did not tell it how it ended, and what commands may end with as well. */
const NO_EXIT = 255;

/** Milliseconds within which ssh tells why it closed a forwarded socket. */
const REASON_MS = 200;

/**
 * A command that a signal ended has 128 + the signal as exit code; OpenSSH's client would make 255 of all signals. The shell
 * must not tell of the signal where the command's own words are expected.
 */
const TELLING: readonly string[] = [
  'sh',
  '-c',
  'exec 3>&2 2>/dev/null; (exec "$@" 2>&3 3>&-); exit $?',
  'sh',
];

interface Connection {
  readonly name: string;
  readonly described: string;
  readonly master: Master;
  readonly closed: AbortSignal;
  readonly shell: { runs: boolean };
}

type Session = Omit<Running, 'kill'> & {
  /** As `exited`, though its output may not have been read yet. */
  readonly ended: Promise<number | undefined>;
  readonly said: () => string;
  readonly end: () => void;
};

/** A connection that OpenSSH's own client keeps, as a transport: commands are clients of its control socket. */
export function opensshTransport(name: string, described: string, master: Master): Transport {
  const closed = new AbortController();
  setMaxListeners(0, closed.signal); // Each command that is under way listens.
  const connection = { name, described, master, closed: closed.signal, shell: { runs: false } };
  let calls = 0;
  void master.ended.then(() =>
    closed.abort(lost(name, described, lastWords(master.said()) || 'ssh ended without a word')),
  );
  return {
    described,
    spawn: argv => start(connection, String(++calls), [...TELLING, ...argv]),
    dial: dialer(master),
    closed: closed.signal,
    async close() {
      if (!closed.signal.aborted) closed.abort(lost(name, described, 'it was closed'));
      await master.close();
    },
  };
}

async function start(connection: Connection, call: string, argv: readonly string[]): Promise<Running> {
  const { name, described, closed, shell } = connection;
  for (let attempt = 1; ; attempt++) {
    const session = await openSession(connection, commandLine(call, argv));
    const running = { ...session, kill: () => void kill(connection, session, call) };
    try {
      await begun({ ...session, exited: session.ended, kill: session.end }, call, {
        host: name,
        described,
        closed,
        shell,
      });
      return running;
    } catch (error) {
      if (closed.aborted || !FULL.test(session.said())) throw error;
      if (attempt === TRIES) throw noSession(name, described, '', error);
      await delay(10 * 2 ** attempt);
    }
  }
}

async function openSession(connection: Connection, line: string): Promise<Session> {
  const { master, closed, name } = connection;
  closed.throwIfAborted();
  const [file = '', ...args] = sessionArgv(master.control, line);
  // A process group of its own: a Ctrl-C in the terminal is for topo, not for what it has under way.
  const child = spawn(file, args, { detached: true, stdio: 'pipe' });
  await new Promise<void>((resolve, reject) =>
    child
      .once('spawn', resolve)
      .once('error', cause =>
        reject(hostError(name, 'host.openssh', `ssh could not be started: ${messageOf(cause)}`, { cause })),
      ),
  );
  return sessionOf(connection, child);
}

function sessionOf(connection: Connection, child: ChildProcessWithoutNullStreams): Session {
  const { closed } = connection;
  // Node throws away what a process has left in its pipes if nobody reads them at the moment it ends.
  const stdout = child.stdout.pipe(new PassThrough());
  const stderr = child.stderr.pipe(new PassThrough());
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(0, 2_000)));
  const over = new Promise<number | undefined>(resolve =>
    child.once('close', code => resolve(meant(connection, code))),
  );
  const read = [stdout, stderr].map(stream => new Promise(done => stream.once('close', done)));
  child.stdin.on('error', () => undefined);
  return {
    stdin: child.stdin,
    stdout,
    stderr,
    ended: unlessLost(closed, over),
    exited: unlessLost(
      closed,
      Promise.all(read).then(() => over),
    ),
    said: () => said,
    end: () => void child.kill('SIGKILL'),
  };
}

function unlessLost<T>(closed: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  return new Promise(resolve => {
    const lose = (): void => resolve(undefined);
    closed.addEventListener('abort', lose, { once: true });
    if (closed.aborted) lose();
    void promise.then(value => {
      closed.removeEventListener('abort', lose);
      resolve(value);
    });
  });
}

/** The command's exit code: undefined where ssh was ended, or had none to tell because the master is gone. */
async function meant({ master, closed }: Connection, code: number | null): Promise<number | undefined> {
  if (code !== NO_EXIT) return code ?? undefined;
  const lives = await run(checkArgv(master.control)).then(
    () => true,
    () => false,
  );
  return lives && !closed.aborted ? code : undefined;
}

async function kill(connection: Connection, victim: Session, call: string): Promise<void> {
  try {
    const killer = await openSession(connection, endingLine(call));
    killer.stdin.end();
    killer.stdout.resume();
    killer.stderr.resume();
    await killer.exited;
  } catch {
    // The connection is gone, and how the command ends is the other side's affair.
  }
  victim.end();
}

/** Has a socket of this machine lead to each one that is asked for. */
function dialer(master: Master): Transport['dial'] {
  const forwards = new Map<string, Promise<string>>();
  const refused: string[] = [];
  master.onLine(line => {
    if (/^channel \d+: open failed/.test(line)) refused.push(line);
  });
  const forward = async (path: string): Promise<string> => {
    const local = master.beside(`s${forwards.size}`);
    await run(forwardArgv(master.control, local, path));
    return local;
  };
  return path => {
    const before = refused.length;
    /** ssh takes a connection before the other side does, and closes it again where that won't. */
    const why = async (): Promise<Error | undefined> => {
      if (refused.length === before) await delay(REASON_MS);
      return refused.length === before ? undefined : new Error(refused.at(-1));
    };
    const local = forwards.get(path) ?? forward(path);
    forwards.set(path, local);
    local.catch(() => forwards.delete(path));
    return tunnel(opened => {
      local.then(socket => {
        const far = connect(socket, () => opened(undefined, far)).once('error', opened);
      }, opened);
    }, why);
  };
}

async function run([file = '', ...args]: readonly string[]): Promise<void> {
  await promisify(execFile)(file, args, { timeout: 10_000 });
}
