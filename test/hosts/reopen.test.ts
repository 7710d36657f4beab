import { expect, test } from 'vitest';
import { TopoError, type Host } from '../../src/core/index.js';
import { reopen } from '../../src/hosts/index.js';

const reason = new TopoError('lost the connection to ssh root@tera: it hung up', {
  code: 'host.lost',
  who: 'host',
});
const lost = { name: 'tera', closed: AbortSignal.abort(reason) } as Partial<Host> as Host;
const back = { name: 'tera', described: 'back' } as Partial<Host> as Host;

const failure = (code: string, retryable: boolean): TopoError =>
  new TopoError(`no: ${code}`, { code, who: 'host', retryable });

/** Answers in turn, the last one again and again; time passes only while it sleeps. */
function line(...answers: readonly (TopoError | Host)[]) {
  const pauses: number[] = [];
  let now = 0;
  let tries = 0;
  const open = (): Promise<Host> => {
    const answer = answers[Math.min(tries++, answers.length - 1)]!;
    return answer instanceof TopoError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const sleep = (ms: number): Promise<void> => {
    pauses.push(ms);
    now += ms;
    return Promise.resolve();
  };
  return { pauses, tries: () => tries, open, around: { now: () => now, sleep } };
}

test('a host that was lost is tried again with growing pauses until it answers', async () => {
  const { open, around, pauses } = line(...Array<TopoError>(5).fill(failure('host.refused', true)), back);
  expect(await reopen(lost, open, around)).toBe(back);
  expect(pauses).toEqual([200, 500, 1000, 2000, 2000]);
});

test('one that does not come back is given up after 18 s, saying what was lost, how long it was tried and what to do', async () => {
  const { open, around, pauses } = line(failure('host.unreachable', true));
  await expect(reopen(lost, open, around)).rejects.toMatchObject({
    code: 'host.gone',
    host: 'tera',
    message:
      'lost the connection to ssh root@tera: it hung up; it did not come back within 18 s: no: host.unreachable',
    hint: expect.stringContaining('carries on from what is really there') as string,
  });
  expect(pauses.reduce((a, b) => a + b)).toBeGreaterThan(15_000);
  expect(pauses.reduce((a, b) => a + b)).toBeLessThanOrEqual(18_000);
});

test('what no further try can change is told at once: a key that changed, a lock that somebody else took', async () => {
  const { open, around, tries } = line(failure('host.key-changed', false));
  await expect(reopen(lost, open, around)).rejects.toMatchObject({ code: 'host.key-changed' });
  expect(tries()).toBe(1);
});

test('who interrupts waits no longer', async () => {
  const { open, around, tries } = line(failure('host.refused', true));
  await expect(reopen(lost, open, { ...around, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'host.gone',
  });
  expect(tries()).toBe(1);
});

test('a connection that comes about only after it was interrupted is closed again', async () => {
  const stop = new AbortController();
  let closed = false;
  let arrive = (_: Host): void => undefined;
  const open = (): Promise<Host> => new Promise(resolve => (arrive = resolve));
  const going = reopen(lost, open, { ...line().around, signal: stop.signal });
  stop.abort();
  await expect(going).rejects.toMatchObject({ code: 'host.gone' });
  arrive({ ...back, close: async () => void (closed = true) });
  await expect.poll(() => closed).toBe(true);
});
