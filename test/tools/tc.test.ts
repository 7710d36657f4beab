import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Qdisc } from '../../src/core/index.js';
import { parseLinks, parseNamespaces, parseQdiscs, removeQdisc, setQdisc } from '../../src/tools/index.js';

/** Recorded on Debian 12: iproute2 6.1, kernel 6.1. */
const RECORDED = readFileSync(new URL('data/tc-qdisc.json', import.meta.url), 'utf8');

const FULL = { delay: 20_000, jitter: 5_000, loss: 0.1, duplicate: 1, corrupt: 2, reorder: 25, rate: 10e6 };

describe('tc', () => {
  test('queues that impair, at the root of their devices, in the units of the file', () => {
    expect([...parseQdiscs(RECORDED)]).toEqual([
      ['n1', { kind: 'netem', impair: FULL, limit: 17_000 }],
      ['n2', { kind: 'netem', impair: { delay: 99, jitter: 32, loss: 100 }, limit: 1_000 }],
      ['n3', { kind: 'netem', impair: { loss: 33.3333, rate: 1_234_560 }, limit: 1_000 }],
      ['t1', { kind: 'tbf', impair: { rate: 10e6 }, burst: 12_500, limit: 137_500 }],
      ['h1', { kind: 'htb', impair: {}, limit: 0 }],
    ]);
    expect(parseQdiscs('')).toEqual(new Map());
  });

  test('a device that ip says to impair has what tc tells of it, or the kind alone', () => {
    const links = ['n2', 'n9', 'f1'].map(ifname => ({
      ifname,
      qdisc: ifname === 'f1' ? 'fq_codel' : 'netem',
    }));
    expect(parseLinks(JSON.stringify(links), parseQdiscs(RECORDED)).map(l => l.qdisc)).toEqual([
      { kind: 'netem', impair: { delay: 99, jitter: 32, loss: 100 }, limit: 1_000 },
      { kind: 'netem', impair: {}, limit: 0 },
      undefined,
    ]);
  });

  test('inside a container the line of tc is there only where something impairs', () => {
    const links = '[{"ifname":"n2","qdisc":"netem"}]';
    const text = [
      'in c1 /ns/1',
      'in c2 /ns/2',
      'space /ns/1',
      links,
      '[]',
      RECORDED.trim(),
      'space /ns/2',
      '[]',
      '[]',
    ];
    expect(parseNamespaces(text.join('\n')).map(n => n.links.map(l => l.qdisc?.impair.delay))).toEqual([
      [99],
      [],
    ]);
  });

  test('netem is told all at once, the jitter behind the delay', () => {
    expect(argv({ kind: 'netem', impair: FULL, limit: 500 })).toBe(
      'tc qdisc replace dev eth1 root netem limit 500 delay 20ms 5ms loss 0.1% duplicate 1% corrupt 2% reorder 25% rate 10mbit',
    );
  });

  test('what netem would keep is taken away by a 0', () => {
    expect(argv({ kind: 'netem', impair: { loss: 2 }, limit: 1_000 }, FULL)).toBe(
      'tc qdisc replace dev eth1 root netem limit 1000 loss 2% corrupt 0% reorder 0% rate 0bit',
    );
  });

  test('tbf is told how much it holds in bytes', () => {
    expect(argv({ kind: 'tbf', impair: { rate: 1_500_000 }, burst: 3_036, limit: 40_000 }, FULL)).toBe(
      'tc qdisc replace dev eth1 root tbf rate 1.5mbit burst 3036 limit 40000',
    );
  });

  test("a queue is taken away in the device's own namespace", () => {
    expect(removeQdisc('eth1', { container: 'c1' })).toMatchObject({
      name: 'qdisc-remove',
      args: ['eth1', { container: 'c1' }],
    });
  });
});

function argv(qdisc: Qdisc, had: Qdisc['impair'] = {}): string {
  const step = setQdisc('eth1', qdisc, had);
  return step.via === 'exec' ? step.argv.join(' ') : '';
}
