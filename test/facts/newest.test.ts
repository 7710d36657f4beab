import { expect, test } from 'vitest';
import { TopoError, type Host } from '../../src/core/index.js';
import { readNewest } from '../../src/facts/index.js';

const NOW = Date.parse('2026-01-02T00:00:00Z');
const HOUR = 3_600_000;

/** A host whose image `never` has not been tagged, and whose registry lets nobody have `private`. */
function host(): Host {
  const unused = (): never => expect.unreachable();
  const tagged = { Metadata: { LastTagTime: '2026-01-01T12:00:00.5Z' } };
  return {
    name: 'h',
    described: 'local',
    engine: ({ path }) => Promise.resolve({ status: 200, body: path.includes('never') ? {} : tagged }),
    registryDigest: reference => {
      if (reference !== 'private') return Promise.resolve(`sha256:${reference}`);
      throw new TopoError('no', { code: 'image.denied', who: 'host', host: 'h', hint: 'log in' });
    },
    ...{ exec: unused, start: unused, engineStream: unused, engineUpgrade: unused },
    ...{ copy: unused, build: unused, stream: unused },
    trips: { exec: 0, engine: 0 },
    closed: new AbortController().signal,
    close: () => Promise.resolve(),
  };
}

const read = (...images: readonly (readonly [string, number])[]): ReturnType<typeof readNewest> => {
  const wanted = images.map(([reference, hours]) => ({ reference, refreshMs: hours * HOUR }));
  return readNewest(host(), wanted, NOW, new AbortController().signal);
};

test('a registry is asked for what was tagged long ago, or never, and for what is always asked for', async () => {
  expect(await read(['young', 13], ['old', 11], ['never', 1000], ['always', 0])).toEqual({
    old: { digest: 'sha256:old' },
    never: { digest: 'sha256:never' },
    always: { digest: 'sha256:always' },
  });
});

test('what it refuses is told of that image alone', async () => {
  expect(await read(['private', 0], ['other', 0])).toEqual({
    private: { why: { severity: 'error', code: 'image.denied', host: 'h', summary: 'no', hint: 'log in' } },
    other: { digest: 'sha256:other' },
  });
});
