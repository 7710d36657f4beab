import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { lockAll } from '../../src/app/lock.js';
import type { Channel, Event, Host } from '../../src/core/index.js';

const ME = { topology: 'lab', who: 'me', token: 'abc' };

/** A host whose lock answers these lines, one per try; the last one again and again. */
function lockHost(name: string, answers: readonly string[], story: string[]): Host {
  let tries = 0;
  const start = async (): Promise<Channel> => {
    const answer = answers[Math.min(tries++, answers.length - 1)]!;
    story.push(`${name} ${answer}`);
    const stdout = new PassThrough();
    stdout.end(answer === '' ? '' : `${answer}\n`);
    return {
      stdout,
      stderr: new PassThrough(),
      write: () => undefined,
      close: async () => void story.push(`${name} closed`),
      exited: Promise.resolve(0),
    };
  };
  return { name, start, closed: new AbortController().signal } as Partial<Host> as Host;
}

function around(signal = new AbortController().signal): {
  context: Parameters<typeof lockAll>[3];
  events: Event[];
} {
  const events: Event[] = [];
  return { context: { emit: event => events.push(event), signal, now: () => 1_000_000 }, events };
}

test('locks are taken in sorted order, so that two runs cannot wait for each other, and freed', async () => {
  const story: string[] = [];
  const hosts = ['c', 'a', 'b'].map(name => lockHost(name, ['held'], story));
  const locks = await lockAll(hosts, ME, 0, around().context);
  expect(story).toEqual(['a held', 'b held', 'c held']);
  await locks.release();
  expect(story.slice(3).sort()).toEqual(['a closed', 'b closed', 'c closed']);
});

test('a busy one is waited for, and told once with its holder and age', async () => {
  const story: string[] = [];
  const { context, events } = around();
  const host = lockHost('a', ['busy alon@tera (pid 12) 960', 'busy alon@tera (pid 12) 960', 'held'], story);
  await (await lockAll([host], ME, 60_000, context)).release();
  expect(events).toEqual([
    { type: 'phase', phase: 'lock', text: 'waiting for alon@tera (pid 12), since 40 s on a' },
  ]);
  expect(story.filter(line => line === 'a closed')).toHaveLength(3);
});

test('one that stays busy is an error that names it, and frees what was taken before', async () => {
  const story: string[] = [];
  const hosts = [lockHost('b', ['busy alon@tera (pid 12) 960'], story), lockHost('a', ['held'], story)];
  await expect(lockAll(hosts, ME, -1, around().context)).rejects.toMatchObject({
    code: 'lock.held',
    host: 'b',
    retryable: true,
    message: 'topology lab is being changed by alon@tera (pid 12), since 40 s (lock on b)',
  });
  expect(story.at(-1)).toBe('a closed');
});

test('a holder that cannot be read is still one', async () => {
  const failure = lockAll([lockHost('a', ['busy '], [])], ME, -1, around().context);
  await expect(failure).rejects.toMatchObject({ message: expect.stringContaining('another topo') });
});

test('a host that gives no lock is an error with what it said', async () => {
  const failing = (answer: string): Promise<unknown> =>
    lockAll([lockHost('a', [answer], [])], ME, 0, around().context);
  await expect(failing('')).rejects.toMatchObject({
    code: 'lock.failed',
    message: 'cannot take the lock on a: no answer',
  });
  await expect(failing('mkdir: read-only')).rejects.toMatchObject({
    code: 'lock.failed',
    message: expect.stringContaining('read-only'),
  });
});

test('who interrupts waits no longer', async () => {
  const controller = new AbortController();
  const { context } = around(controller.signal);
  const waiting = lockAll([lockHost('a', ['busy me 1'], [])], ME, 60_000, context);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('one that this run holds already is a machine with two names; somebody else may be called as we are', async () => {
  const [first, second] = ['a', 'b'].map(name => lockHost(name, [name === 'a' ? 'held' : 'own'], []));
  await expect(lockAll([first!, second!], ME, -1, around().context)).rejects.toMatchObject({
    code: 'host.twice',
    host: 'b',
  });
  const other = [lockHost('a', ['held'], []), lockHost('b', [`busy ${ME.who} 960`], [])];
  await expect(lockAll(other, ME, -1, around().context)).rejects.toMatchObject({
    code: 'lock.held',
    host: 'b',
  });
});

test('of several that refuse all are told, and nothing is waited for once one has', async () => {
  const story: string[] = [];
  const busy = 'busy alon@tera (pid 12) 960';
  const hosts = [
    lockHost('a', ['mkdir: read-only'], story),
    lockHost('b', ['held'], story),
    lockHost('c', [busy], story),
  ];
  await expect(lockAll(hosts, ME, 60_000, around().context)).rejects.toMatchObject({
    exit: 1,
    diagnostics: [
      { code: 'lock.failed', host: 'a' },
      { code: 'lock.held', host: 'c' },
    ],
  });
  expect(story).toEqual(['a mkdir: read-only', 'a closed', 'b held', `c ${busy}`, 'c closed', 'b closed']);
});
