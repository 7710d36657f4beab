import { familyOf } from '../core/index.js';
import type { CheckDeclaration } from '../core/index.js';
import type { Captured } from './exec.js';

/** Runs a program in the container that a check starts from. */
export type Run = (argv: readonly string[]) => Promise<Captured>;

/** What came of one try. */
export interface Answer {
  readonly ok: boolean;
  /** Whether the other end is known to have answered, or known not to have; undefined: the try says neither. */
  readonly reached: boolean | undefined;
  readonly detail: string;
}

/** Engine API, `POST /exec/{id}/start`: a program that is not in the image ends with 126 or 127. */
const MISSING = [126, 127];

/** Sends one ICMP echo with the image's `ping` (iputils or busybox). */
export async function ping(run: Run, address: string, { timeout }: CheckDeclaration): Promise<Answer> {
  const said = await run(['ping', '-c', '1', '-W', seconds(timeout), address]);
  if (MISSING.includes(said.code)) return unknown('the image has no ping');
  const time = /time[=<]([\d.]+) ?ms/.exec(said.stdout)?.[1];
  if (said.code === 0)
    return { ok: true, reached: true, detail: `${address} answers${time ? ` in ${time} ms` : ''}` };
  // iputils ends with 1 for no answer and with 2 for all else; busybox ends with 1 for both.
  const failed = lastLine(said.stderr);
  const silent = failed === '' ? said.code === 1 : /unreachable/i.test(failed);
  return silent ? { ok: false, reached: false, detail: `${address} does not answer` } : unknown(failed);
}

/** Asks for a page with the image's `curl` or `wget` (GNU or busybox). */
export async function http(
  run: Run,
  address: string,
  { timeout }: CheckDeclaration,
  { port, path, status }: Extract<CheckDeclaration['test'], { is: 'http' }>,
): Promise<Answer> {
  // RFC 3986, section 3.2.2.
  const host = familyOf(address) === 6 ? `[${address}]` : address;
  const url = `http://${host}:${port}${path}`;
  const said = await firstThere(run, httpClients(url, seconds(timeout)));
  if (!said) return unknown('the image has neither curl nor wget');
  const got = statusOf(said);
  if (got === undefined) return withoutStatus(url, said);
  const wanted = got === status ? '' : `, not ${status}`;
  return { ok: got === status, reached: true, detail: `${url} gives ${got}${wanted}` };
}

/**
 * curl says only with `-v` why it could not connect. Limits of their own differ: busybox's `wget -T` of Debian 12 crashes in a
 * container, so `timeout` comes before it.
 */
function httpClients(url: string, limit: string): readonly (readonly string[])[] {
  const wget = ['wget', '-S', '-O', '/dev/null'];
  return [
    ['curl', '-sSv', '-o', '/dev/null', '-w', '%{http_code}', '-m', limit, url],
    ['timeout', limit, ...wget, url],
    [...wget, '-T', limit, url],
  ];
}

async function firstThere(run: Run, commands: readonly (readonly string[])[]): Promise<Captured | undefined> {
  for (const argv of commands) {
    const said = await run(argv);
    if (!MISSING.includes(said.code)) return said;
  }
  return undefined;
}

/** curl's `%{http_code}` alone on stdout, or the last status line that wget shows on stderr. */
function statusOf({ stdout, stderr }: Captured): number | undefined {
  const code =
    /^[1-5]\d\d$/.exec(stdout.trim())?.[0] ?? [...stderr.matchAll(/HTTP\/[\d.]+ (\d{3})/g)].at(-1)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** What `timeout` ends with when it had to end the program: coreutils, and busybox (seen on 1.35). */
const TIMED_OUT = [124, 143];

/** Nobody spoke HTTP. Who refuses a connection was reached: the way to it is open. */
function withoutStatus(url: string, { code, stderr }: Captured): Answer {
  const refused = /refused/i.test(stderr);
  const silent = TIMED_OUT.includes(code) || /timed out|timeout|unreachable|no route/i.test(stderr);
  const reached = refused ? true : silent ? false : undefined;
  return { ok: false, reached, detail: `${url}: ${lastLine(stderr) || 'no answer'}` };
}

function unknown(detail: string): Answer {
  return { ok: false, reached: undefined, detail };
}

/** A limit in whole seconds, which is what every program takes. */
function seconds(milliseconds: number): string {
  return String(Math.max(1, Math.ceil(milliseconds / 1000)));
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!;
}
