import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/index.js';
import { restartSandboxEngine } from '../../src/tools/index.js';
import {
  runStep,
  sandboxesMissing,
  startSandboxes,
  TRANSPORTS,
  type TestSandboxes,
} from '../support/sandboxes.js';

const get = (path: string): { via: 'docker'; method: 'GET'; path: string } => ({
  via: 'docker',
  method: 'GET',
  path,
});
const post = (
  path: string,
  body?: unknown,
): { via: 'docker'; method: 'POST'; path: string; body?: unknown } => ({
  via: 'docker',
  method: 'POST',
  path,
  ...(body === undefined ? {} : { body }),
});

describe.skipIf(sandboxesMissing()).each(TRANSPORTS)('the Engine API of a host, by %s', transport => {
  let sandboxes: TestSandboxes;
  let host: Host;

  beforeAll(async () => {
    sandboxes = await startSandboxes(2);
    host = await sandboxes.open(sandboxes.names[0]!, transport);
    await host.stream('busybox', ['topo/busybox']);
    await host.engine(
      post('/containers/create?name=worker', { Image: 'topo/busybox', Cmd: ['sleep', '1000'] }),
    );
    expect(await host.engine(post('/containers/worker/start'))).toMatchObject({ status: 204 });
  });
  afterAll(() => sandboxes[Symbol.asyncDispose]());

  it('parses JSON, and gives any status as a result', async () => {
    expect(await host.engine(get('/version'))).toMatchObject({ status: 200, body: { Os: 'linux' } });
    const absent = await host.engine(get('/containers/none/json'));
    expect(absent).toMatchObject({ status: 404, body: { message: 'No such container: none' } });
  });

  it('answers two hundred calls that were asked at once', async () => {
    const before = host.trips.engine;
    const results = await Promise.all(
      Array.from({ length: 200 }, () => host.engine(get('/containers/worker/json'))),
    );
    expect(new Set(results.map(r => r.status))).toEqual(new Set([200]));
    expect(host.trips.engine - before).toBe(200);
  });

  it('talks with a program in a container both ways', async () => {
    const exec = { AttachStdin: true, AttachStdout: true, Cmd: ['tr', 'a-z', 'A-Z'] };
    const { body } = await host.engine(post('/containers/worker/exec', exec));
    const id = (body as { Id: string }).Id;
    const stream = await host.engineUpgrade(post(`/exec/${id}/start`, { Detach: false, Tty: false }));
    const text = 'all the words\n'.repeat(20_000);
    stream.end(text);
    const frames = await buffer(stream);
    expect(unframed(frames)).toBe(text.toUpperCase());
    expect(await host.engine(get(`/exec/${id}/json`))).toMatchObject({
      body: { ExitCode: 0, Running: false },
    });
  });

  it('says what the engine said where it does not upgrade', async () => {
    const wrong = host.engineUpgrade(post('/exec/none/start', { Detach: false }));
    await expect(wrong).rejects.toMatchObject({
      code: 'engine.refused',
      message: expect.stringContaining('No such exec') as string,
    });
  });

  it('follows events while other calls go on, and stops when told', async () => {
    const stop = new AbortController();
    const path = '/events?since=0&filters=%7B%22type%22%3A%5B%22volume%22%5D%7D'; // It answers before it listens.
    const events = await host.engineStream(get(path), { signal: stop.signal });
    const said: string[] = [];
    const ended = (async () => {
      for await (const chunk of events.body) said.push(String(chunk));
    })();
    await host.engine(post('/volumes/create', { Name: 'seen' }));
    await expect.poll(() => said.join('')).toContain('seen');
    stop.abort();
    await expect(ended).rejects.toThrow();
    expect(await host.engine({ via: 'docker', method: 'DELETE', path: '/volumes/seen' })).toMatchObject({
      status: 204,
    });
  });

  it('gives up a call that takes too long', async () => {
    const wait = host.engine(post('/containers/worker/wait'), { timeoutMs: 200 });
    await expect(wait).rejects.toMatchObject({ code: 'engine.timeout', retryable: true });
  });

  it('goes on after the engine was started again', async () => {
    const other = await sandboxes.open(sandboxes.names[1]!, transport);
    await Promise.all(Array.from({ length: 8 }, () => other.engine(get('/info'))));
    // It ends, one way or another, before or after the first answer, and does not stay for ever.
    const waiting = other
      .engineStream(get('/events'))
      .then(({ body }) => buffer(body))
      .catch(() => undefined);
    await runStep(sandboxes.operator, restartSandboxEngine(sandboxes.names[1]!));
    await waiting;
    // A socket that was idle may be asked before its end is noticed.
    const asked = async (): Promise<number> => (await other.engine(get('/info'))).status;
    await expect.poll(() => asked().catch(() => 0), { timeout: 5_000 }).toBe(200);
  });

  it('makes the same image on every host', async () => {
    const other = await sandboxes.open(sandboxes.names[1]!, transport);
    await other.stream('busybox', ['topo/busybox']);
    const id = async (h: Host): Promise<unknown> =>
      ((await h.engine(get('/images/topo/busybox/json'))).body as { Id: string }).Id;
    expect(await id(other)).toBe(await id(host));
    expect(await id(other)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('says why an image can not be pulled', async () => {
    const pull = host.stream('pull', ['127.0.0.1:9/nothing:1']);
    await expect(pull).rejects.toMatchObject({
      code: 'image.pull',
      message: expect.stringContaining('connection refused') as string,
    });
  });
});

/** The payload of the engine's frames: 8 bytes of head, the last 4 of them the length. */
function unframed(frames: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < frames.length; at += 8 + frames.readUInt32BE(at + 4)) {
    parts.push(frames.subarray(at + 8, at + 8 + frames.readUInt32BE(at + 4)));
  }
  return Buffer.concat(parts).toString();
}
