import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { begun, commandLine } from '../../src/hosts/command-line.js';
import type { Running } from '../../src/hosts/transport.js';

const ODD = ['a b', "c'd", '$e', '', 'f\ng', 'h!i', 'j\\\\k', 'l\\n', '`m`', '"n"', '*', 'ü', '\t', '!!'];
const SHELLS = ['sh', 'dash', 'bash', 'busybox', 'fish', 'tcsh'];
const has = (program: string): boolean => spawnSync('which', [program]).status === 0;
const place = {
  host: 'tera',
  described: 'tera',
  closed: new AbortController().signal,
  shell: { runs: false },
};

/** What sshd does with a line: the login shell, by the name of the program, gets it with -c. */
function login(shell: string, line: string): Running {
  const child = spawn(shell, [...(shell === 'busybox' ? ['sh'] : []), '-c', line], { stdio: 'pipe' });
  const exited = new Promise<number | undefined>(resolve =>
    child.once('close', code => resolve(code ?? undefined)),
  );
  return { ...child, exited, kill: () => void child.kill('SIGKILL') };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe.each(SHELLS)('a command through %s', shell => {
  it.skipIf(!has(shell))('is the same words, its number in its environment, its outputs clean', async () => {
    const script = 'printf "%s|" "$@"; echo "$TOPO_CALL" >&2; exit 7';
    const running = login(shell, commandLine('42', ['sh', '-c', script, 'sh', ...ODD]));
    await begun(running, '42', place);
    const said = await Promise.all([textOf(running.stdout), textOf(running.stderr), running.exited]);
    expect(said).toEqual([ODD.map(word => `${word}|`).join(''), '42\n', 7]);
  });
});

it('goes without what the files of the login shell print, and gives every byte after that', async () => {
  const noise = 'echo welcome; echo topo- >&2; printf "no newline"; ';
  const running = login('sh', noise + commandLine('1', ['sh', '-c', 'cat; echo e >&2']));
  await begun(running, '1', place);
  const sent = Buffer.alloc(1 << 20, '0123456789\n');
  running.stdin.end(sent);
  expect(await Promise.all([textOf(running.stdout), textOf(running.stderr)])).toEqual([
    sent.toString(),
    'e\n',
  ]);
});

it('says what a login shell said that runs no commands', async () => {
  const running = login('sh', 'echo This account is not available.; exit 1');
  await expect(begun(running, '1', place)).rejects.toMatchObject({
    code: 'host.shell',
    message:
      'the login shell on tera runs no commands: it ended with 1, and said: This account is not available.',
  });
});

it('ends with the connection', async () => {
  const closed = new AbortController();
  const running = login('sh', 'exec sleep 100');
  const outcome = expect(begun(running, '1', { ...place, closed: closed.signal })).rejects.toThrow('cut');
  closed.abort(new Error('cut'));
  await outcome;
  running.kill();
});

it('blames a shell that never ran a command after half a minute, and a busy host after minutes', async () => {
  vi.useFakeTimers();
  const failure = (runs: boolean): Promise<unknown> =>
    begun(login('sh', 'exec sleep 1000'), '1', { ...place, shell: { runs } }).catch(
      (error: unknown) => error,
    );
  const [fresh, known] = [failure(false), failure(true)];
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await fresh).toMatchObject({ code: 'host.shell' });
  await vi.advanceTimersByTimeAsync(270_000);
  vi.useRealTimers();
  expect(await known).toMatchObject({
    code: 'host.busy',
    message: 'a command on tera did not begin in 300 s',
  });
});
