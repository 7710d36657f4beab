import { expect, test } from 'vitest';
import { onHost } from '../../src/app/on-host.js';
import { TopoError, type Host } from '../../src/core/index.js';

const lost = new TopoError('lost', { code: 'host.lost', who: 'host' });

/** Connections to a host, of which each is gone when the next is asked for. */
function links(): { host: () => Promise<Host>; asked: () => number } {
  let asked = 0;
  const host = async (): Promise<Host> =>
    ({ name: `tera ${++asked}`, closed: AbortSignal.abort(lost) }) as Partial<Host> as Host;
  return { host, asked: () => asked };
}

test('what may be done twice is done again, whole, where the connection broke in the middle', async () => {
  const { host, asked } = links();
  const seen = await onHost({ host }, 'tera', async ({ name }) => {
    if (name !== 'tera 3') throw lost;
    return `read from ${name}`;
  });
  expect(seen).toBe('read from tera 3');
  expect(asked()).toBe(3);
});

test('a line that never holds is given up, and any other failure is told at once', async () => {
  const { host, asked } = links();
  await expect(onHost({ host }, 'tera', () => Promise.reject(lost))).rejects.toBe(lost);
  expect(asked()).toBe(5);
  const other = new TopoError('no', { code: 'host.read', who: 'host', retryable: true });
  await expect(onHost({ host }, 'tera', () => Promise.reject(other))).rejects.toBe(other);
  expect(asked()).toBe(6);
});
