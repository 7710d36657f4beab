import { expect, test } from 'vitest';
import { takeFrames } from '../../src/core/index.js';
import { parseProbes, probeCall } from '../../src/tools/index.js';

test('a probe is a line of path, family, address and payload: the packet without its headers, 28 bytes or 48 of IPv6', () => {
  const { stdin } = probeCall([
    { netns: '/run/docker/netns/1', address: '172.30.0.2', bytes: 1450 },
    { netns: '/run/docker/netns/2', address: '172.31.0.2', bytes: 8950 },
    {
      netns: '/run/docker/netns/3',
      address: 'fd00:31::2',
      bytes: 1430,
      device: 'eth1',
      patience: { tries: 20, seconds: 4 },
    },
  ]);
  expect(stdin).toBe(
    '/run/docker/netns/1 4 172.30.0.2 1422 3 1\n/run/docker/netns/2 4 172.31.0.2 8922 3 1\n/run/docker/netns/3 6 fd00:31::2 1382 20 4 eth1\n',
  );
});

test('answers come in any order and go to their probes; one that is missing was not answered', () => {
  const said = [
    '3 127 nsenter: failed to execute ping: No such file or directory',
    '1 0 rtt min/avg/max/mdev = 0.101/0.101/0.101/0.000 ms',
    '2 1 ping: local error: message too long, mtu=1400',
    '',
  ].join('\n');
  expect(parseProbes(said, 4)).toMatchObject([
    { ok: true },
    { ok: false, detail: 'ping: local error: message too long, mtu=1400' },
    { ok: false, detail: 'the host has no ping' },
    { ok: false, detail: 'no answer from the host' },
  ]);
});

test('frames are taken whole, the rest is left for the next piece', () => {
  const bytes = Buffer.from([
    1, 0, 0, 0, 0, 0, 0, 2, 0x68, 0x69, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0,
  ]);
  const { frames, rest } = takeFrames(bytes);
  expect(frames.map(f => [f.stream, f.data.toString()])).toEqual([
    [1, 'hi'],
    [2, ''],
  ]);
  expect(rest).toEqual(bytes.subarray(18));
  expect(takeFrames(Buffer.alloc(0))).toEqual({ frames: [], rest: Buffer.alloc(0) });
});
