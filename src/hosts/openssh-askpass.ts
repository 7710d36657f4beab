import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { HostOptions } from './target.js';

/** Who answers what OpenSSH's client asks. */
export type Answerer = Pick<HostOptions, 'passphrase' | 'question' | 'notice'>;

/**
 * Answers for one login. Left to itself ssh asks at the terminal, and several at a time spoil each other's questions there:
 * an answer was seen on the screen.
 */
export interface Askpass {
  /** The environment in which ssh asks here, and so does the ssh of a jump (ssh(1), SSH_ASKPASS). */
  readonly env: NodeJS.ProcessEnv;
  /** Whether a question was answered. */
  readonly answered: () => boolean;
  close(): void;
}

/** What ssh runs with its question as $1. */
const ASKPASS = `#!/bin/sh
exec "$TOPO_ASKPASS_NODE" -e "$TOPO_ASKPASS_PROGRAM" -- "$1"
`;

/** Hands a question on to the process that started ssh, and prints its answer; fails where there is none. */
const PROGRAM = `
const socket = require('net').connect(process.env.TOPO_ASKPASS_SOCKET);
let said = '';
process.exitCode = 1;
socket.write(JSON.stringify({ text: process.argv[1], kind: process.env.SSH_ASKPASS_PROMPT }) + '\\n');
socket.setEncoding('utf8').on('data', text => (said += text));
socket.on('error', () => undefined).on('end', () => {
  if (said === '') return;
  process.exitCode = 0;
  process.stdout.write(JSON.parse(said) + '\\n');
});`;

/** `kind`: `none` for what is only to be known, as that a key has to be touched. */
interface Question {
  readonly text: string;
  readonly kind?: string;
}

/** Begins to answer, by way of files in `dir`. A user's own program that is to be asked in any case stays that. */
export async function startAskpass(
  dir: string,
  env: NodeJS.ProcessEnv,
  answerer: Answerer,
): Promise<Askpass> {
  if (['force', 'prefer'].includes(env['SSH_ASKPASS_REQUIRE'] ?? ''))
    return { env, answered: () => true, close: () => undefined };
  const [program, path] = [join(dir, 'askpass'), join(dir, 'ask')];
  await writeFile(program, ASKPASS, { mode: 0o700 });
  let answered = false;
  const answerOf = answersOf(answerer);
  const server = createServer(socket =>
    hear(socket, async question => {
      const answer = await answerOf(question);
      answered ||= answer !== undefined && question.kind !== 'none';
      return answer;
    }),
  );
  await listening(server, path);
  return {
    env: {
      ...env,
      SSH_ASKPASS: program,
      SSH_ASKPASS_REQUIRE: 'force',
      TOPO_ASKPASS_NODE: process.execPath,
      TOPO_ASKPASS_PROGRAM: PROGRAM,
      TOPO_ASKPASS_SOCKET: path,
    },
    answered: () => answered,
    close: () => void server.close(),
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
}

function hear(socket: Socket, answer: (question: Question) => Promise<string | undefined>): void {
  let said = '';
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (text: string) => {
    const before = said;
    said += text;
    if (before.includes('\n') || !said.includes('\n')) return;
    void answer(JSON.parse(said) as Question).then(
      given => socket.end(given === undefined ? '' : JSON.stringify(given)),
      () => socket.end(),
    );
  });
}

/** A passphrase is asked for by its key, so that one answer serves all hosts; who gives none is not asked again. */
function answersOf({ passphrase, question, notice }: Answerer): (q: Question) => Promise<string | undefined> {
  const attempts = new Map<string, number>();
  return async ({ text, kind }) => {
    if (kind === 'none') {
      notice?.(text.trim());
      return '';
    }
    const [, key] = /^Enter passphrase for key '(.+)': $/.exec(text) ?? [];
    if (key === undefined) return question?.(text);
    const attempt = (attempts.get(key) ?? 0) + 1;
    if (attempt === Infinity) return undefined;
    attempts.set(key, attempt);
    const given = await passphrase?.(key, attempt);
    if (given === undefined) attempts.set(key, Infinity);
    return given;
  };
}
