import type { Readable } from 'node:stream';
import { quoteArgv } from '../core/index.js';
import { hostError, lost } from './errors.js';
import type { Running } from './transport.js';

/** Milliseconds that a login shell gets to read its own files before it starts the command. */
const SHELL_MS = 30_000;

/** And one that has run a command before, where it is the host that is slow: a dead connection is noticed otherwise. */
const BUSY_MS = 300_000;

/** So much of what a login shell says by itself is kept, for the message. */
const SAID = 2_000;

/** $1 is the number of the call, $2 the command. Not a character in it means more to one shell than to another. */
const BEGIN =
  'TOPO_CALL=$1; export TOPO_CALL; echo "topo-$1-begins"; echo "topo-$1-begins" >&2; eval "exec $(printf %b "$2")"';

/** Where a command runs, for messages; `closed` as a transport's. */
interface Place {
  readonly host: string;
  readonly described: string;
  readonly closed: AbortSignal;
  /** What the connection knows of the login shell; {@link begun} writes down that it runs commands. */
  readonly shell: { runs: boolean };
}

/**
 * A command as the line that a login shell gets, which may be any: single quotes mean the same to sh, fish and csh, but
 * for `!`, newlines and backslashes within them, so those travel in octal. The shell gives way to the command, and that is
 * found again by the number of the call, to be ended. Before the command says anything, a line that {@link begun} waits for
 * stands on both its outputs: files like ~/.bashrc may have printed there.
 */
export function commandLine(call: string, argv: readonly string[]): string {
  return `exec sh -c '${BEGIN}' sh ${call} '${octal(quoteArgv(argv))}'`;
}

/**
 * Waits until the command itself runs, and takes away what came before it. Throws `host.shell` where the login shell
 * runs no commands, with what it said, and `host.busy` where one that does takes minutes for it.
 */
export async function begun(running: Running, call: string, place: Place): Promise<void> {
  const { host, described, closed, shell } = place;
  const marker = `topo-${call}-begins\n`;
  const patience = shell.runs ? BUSY_MS : SHELL_MS;
  let late = false;
  const timer = setTimeout(() => ((late = true), running.kill()), patience);
  const [out, err] = await Promise.all([
    skip(running.stdout, marker, closed),
    skip(running.stderr, marker, closed),
  ]);
  clearTimeout(timer);
  if (out.found && err.found) {
    shell.runs = true;
    return;
  }
  if (closed.aborted) throw closed.reason;
  const code = await running.exited;
  if (closed.aborted) throw closed.reason;
  if (code === undefined && !late) throw lost(host, described, 'it hung up before a command began');
  const did = late ? `did not begin in ${patience / 1000} s` : `ended with ${code}`;
  throw late && shell.runs
    ? hostError(host, 'host.busy', `a command on ${described} ${did}`, {
        hint: 'see what keeps the host busy',
      })
    : noShell(place, did, lastLine(err.before) || lastLine(out.before));
}

function noShell({ host, described }: Place, did: string, said: string): Error {
  const message = `the login shell on ${described} runs no commands: it ${did}${said && `, and said: ${said}`}`;
  return hostError(host, 'host.shell', message, {
    hint: 'look at what it runs (ForceCommand, ~/.bashrc and the like), or give the user another: chsh -s /bin/sh',
  });
}

/** Reads up to the end of a marker and leaves the rest where it is; `before` is what came ahead of it. */
function skip(
  stream: Readable,
  marker: string,
  closed: AbortSignal,
): Promise<{ readonly found: boolean; readonly before: string }> {
  return new Promise(resolve => {
    let seen = Buffer.alloc(0);
    const end = (found: boolean, before: string): void => {
      closed.removeEventListener('abort', missed);
      stream.off('readable', look).off('end', missed).off('close', missed).off('error', missed);
      resolve({ found, before });
    };
    const missed = (): void => end(false, seen.toString());
    const look = (): void => {
      for (let chunk = read(stream); chunk !== null; chunk = read(stream)) {
        seen = Buffer.concat([seen, chunk]);
        const at = seen.indexOf(marker);
        if (at >= 0) {
          const rest = seen.subarray(at + marker.length);
          if (rest.length > 0) stream.unshift(rest);
          return end(true, seen.subarray(0, at).toString());
        }
        seen = seen.subarray(-SAID);
      }
    };
    closed.addEventListener('abort', missed, { once: true });
    stream.on('readable', look).once('end', missed).once('close', missed).once('error', missed);
  });
}

function read(stream: Readable): Buffer | null {
  return stream.read() as Buffer | null;
}

function octal(text: string): string {
  const code = (byte: number): string => `\\0${byte.toString(8).padStart(3, '0')}`;
  return [...Buffer.from(text)]
    .map(byte =>
      byte < 0x20 || byte > 0x7e || `!'\\`.includes(String.fromCharCode(byte))
        ? code(byte)
        : String.fromCharCode(byte),
    )
    .join('');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
