import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startAskpass, type Answerer, type Askpass } from '../../src/hosts/openssh-askpass.js';

let dir: string;
let askpass: Askpass | undefined;
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'topo-askpass-'))));
afterEach(async () => {
  askpass?.close();
  await rm(dir, { recursive: true });
});

/** What ssh gets for a question, and what its program ends with. */
function asks(text: string, kind?: string): Promise<readonly [string, number | null]> {
  const env = { ...askpass!.env, ...(kind === undefined ? {} : { SSH_ASKPASS_PROMPT: kind }) };
  const child = spawn(askpass!.env['SSH_ASKPASS']!, [text], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  return new Promise(resolve => child.once('close', code => resolve([said, code])));
}

const start = async (answerer: Answerer, env: NodeJS.ProcessEnv = {}): Promise<void> => {
  askpass = await startAskpass(dir, { PATH: process.env['PATH'], ...env }, answerer);
};

it("asks for a key's passphrase by its file, counting; who has none is asked no more", async () => {
  const asked: unknown[] = [];
  await start({
    passphrase: (key, attempt) => {
      asked.push([key, attempt]);
      return Promise.resolve(attempt === 1 ? 'a "b" \\c' : undefined);
    },
  });
  const question = "Enter passphrase for key '/home/ann/my key': ";
  expect(askpass!.answered()).toBe(false);
  expect(await asks(question)).toEqual(['a "b" \\c\n', 0]);
  expect(askpass!.answered()).toBe(true);
  expect(await asks(question)).toEqual(['', 1]);
  expect(await asks(question)).toEqual(['', 1]);
  expect(asked).toEqual([
    ['/home/ann/my key', 1],
    ['/home/ann/my key', 2],
  ]);
});

it('hands other questions on as they are, and tells what is only to be known', async () => {
  const told: string[] = [];
  await start({
    question: text => Promise.resolve(text === '(ann@192.0.2.7) Code: ' ? '1234' : undefined),
    notice: text => void told.push(text),
  });
  expect(await asks('(ann@192.0.2.7) Code: ')).toEqual(['1234\n', 0]);
  expect(await asks('-e')).toEqual(['', 1]);
  expect(await asks('Confirm user presence for key ED25519-SK', 'none')).toEqual(['\n', 0]);
  expect(told).toEqual(['Confirm user presence for key ED25519-SK']);
});

it("leaves a user's own program in its place", async () => {
  const own = { SSH_ASKPASS: '/usr/bin/own', SSH_ASKPASS_REQUIRE: 'force' };
  await start({}, own);
  expect(askpass!.env).toMatchObject(own);
});
