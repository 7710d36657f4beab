import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { captureExec } from '../../src/app/exec.js';
import type { EngineCall, Host } from '../../src/core/index.js';

/** A frame of the Engine's multiplexed stream: 1 is stdout, 2 stderr. */
function frame(stream: 1 | 2, text: string): Buffer {
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

/** A host whose engine runs one command: what it writes, in which pieces, and how it ends. `open`: it never ends. */
function hostThat(
  says: readonly Buffer[],
  code: number | null,
  open = false,
): { host: Host; calls: EngineCall[] } {
  const calls: EngineCall[] = [];
  const host = {
    name: 'a',
    engine: async (call: EngineCall) => {
      calls.push(call);
      return call.path.endsWith('/exec')
        ? { status: 201, body: { Id: 'e1' } }
        : { status: 200, body: { ExitCode: code } };
    },
    engineUpgrade: async (call: EngineCall) => {
      calls.push(call);
      const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
      for (const piece of says) stream.push(piece);
      if (!open) stream.push(null);
      return stream;
    },
  } as Partial<Host>;
  return { host: host as Host, calls };
}

test('what a command says comes back by stream, however its frames were cut', async () => {
  const whole = Buffer.concat([frame(1, 'one\n'), frame(2, 'oh\n'), frame(1, 'zwei – zwö\n')]);
  for (const size of [1, 3, 11, whole.length]) {
    const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
      whole.subarray(i * size, (i + 1) * size),
    );
    const { host } = hostThat(pieces, 3);
    expect(await captureExec(host, 'c1', ['sh'], 1_000)).toEqual({
      code: 3,
      stdout: 'one\nzwei – zwö\n',
      stderr: 'oh\n',
    });
  }
});

test('it is made, started, and asked for its exit code', async () => {
  const { host, calls } = hostThat([], 0);
  await captureExec(host, 'c1', ['ls', '-l'], 1_000);
  expect(calls.map(c => `${c.method} ${c.path}`)).toEqual([
    'POST /containers/c1/exec',
    'POST /exec/e1/start',
    'GET /exec/e1/json',
  ]);
  expect(calls[0]!.body).toMatchObject({ Cmd: ['ls', '-l'], Tty: false, AttachStdin: false });
});

test('an engine that does not say how it ended said nothing good', async () => {
  expect((await captureExec(hostThat([], null).host, 'c1', ['ls'], 1_000)).code).toBe(1);
});

test('a command that does not end is left after its time, with what it said so far', async () => {
  const { host } = hostThat([frame(1, 'half')], 0, true);
  expect(await captureExec(host, 'c1', ['sleep'], 20)).toEqual({
    code: 124,
    stdout: 'half',
    stderr: 'no answer within 20 ms',
  });
});

test('what the engine refuses is an error with its words', async () => {
  const host = {
    name: 'a',
    engine: async () => ({ status: 409, body: { message: 'container c1 is paused' } }),
  } as Partial<Host> as Host;
  await expect(captureExec(host, 'c1', ['ls'], 1_000)).rejects.toMatchObject({
    code: 'exec.refused',
    message: 'the engine of a would not run ls: container c1 is paused',
  });
});
