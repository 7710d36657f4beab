import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { TopoError } from '../../src/core/index.js';
import { manySessions } from '../../src/hosts/ssh-sessions.js';
import type { Running, Transport } from '../../src/hosts/transport.js';

const full = new TopoError('full', { code: 'host.session', who: 'host' });
const running = {} as Running;

/** A connection with room for so many sessions, none of which ever ends. */
function connection(room: number): Transport & { readonly taken: () => number } {
  const closed = new AbortController();
  let taken = 0;
  return {
    described: 'tera',
    spawn: () => (taken < room ? (taken++, Promise.resolve(running)) : Promise.reject(full)),
    dial: () => new Duplex(),
    closed: closed.signal,
    close: async () => closed.abort(new Error('closed')),
    taken: () => taken,
  };
}

function world(room: number): { transport: Transport; opened: ReturnType<typeof connection>[] } {
  const opened = [connection(room)];
  const more = async (): Promise<Transport> => {
    await new Promise(resolve => setTimeout(resolve, 5));
    opened.push(connection(room));
    return opened.at(-1)!;
  };
  return { transport: manySessions(opened[0]!, more), opened };
}

it('logs in again only for what has no room, and once for all that wait', async () => {
  const { transport, opened } = world(3);
  await Promise.all(Array.from({ length: 7 }, () => transport.spawn(['true'])));
  expect(opened.map(c => c.taken())).toEqual([3, 3, 1]);
});

it('does not log in without end', async () => {
  const { transport, opened } = world(1);
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => transport.spawn(['true'])));
  expect(outcomes.filter(o => o.status === 'fulfilled')).toHaveLength(8);
  expect(outcomes.at(-1)).toMatchObject({ reason: full });
  expect(opened).toHaveLength(8);
});

it('does not log in again where the first connection opened nothing', async () => {
  const { transport, opened } = world(0);
  await expect(transport.spawn(['true'])).rejects.toBe(full);
  expect(opened).toHaveLength(1);
});

it('ends all of them with the first, however that ended', async () => {
  const { transport, opened } = world(1);
  await Promise.all([transport.spawn(['true']), transport.spawn(['true'])]);
  await opened[0]!.close();
  expect(opened.map(c => c.closed.aborted)).toEqual([true, true]);
});
