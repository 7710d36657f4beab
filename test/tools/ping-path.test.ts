import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePathAnswers, pathCall } from '../../src/tools/index.js';

let bin: string;
beforeAll(() => void (bin = mkdtempSync(join(tmpdir(), 'topo-ping-'))));
afterAll(() => rmSync(bin, { recursive: true }));

/**
 * A path of so many bytes to 10.0.0.2, with the words of iputils 20221126 as they were recorded. `router`: tells what it takes, `kernel`: the
 * host itself knows it, `nobody`: what is too large is just lost. Other addresses answer nothing. Every try is written down.
 */
function path(carries: number, teller: 'router' | 'kernel' | 'nobody', family: 4 | 6 = 4): void {
  const [headers, router, kernel] =
    family === 4
      ? [28, `From 10.0.0.254 icmp_seq=1 Frag needed and DF set (mtu = ${carries})`, `mtu=${carries}`]
      : [48, `From fd00::254 icmp_seq=1 Packet too big: mtu=${carries}`, `mtu: ${carries}`];
  const says = {
    router: `echo '${router}'`,
    kernel: `echo 'ping: local error: message too long, ${kernel}' >&2`,
    nobody: ':',
  };
  const script = `#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = -s ] && size=$2; shift; done
echo $((size + ${headers})) >>${bin}/tries
lost() { printf '\\n--- %s ping statistics ---\\n1 packets transmitted, 0 received, 100%% packet loss, time 0ms\\n\\n' "$1"; exit 1; }
case $1 in 10.0.0.2 | fd00::2) ;; *) lost "$1" ;; esac
if [ $((size + ${headers})) -gt ${carries} ]; then ${says[teller]}; lost "$1"; fi
echo 'rtt min/avg/max/mdev = 0.049/0.049/0.049/0.000 ms'
`;
  writeFileSync(join(bin, 'tries'), '');
  writeFileSync(join(bin, 'ping'), script);
  chmodSync(join(bin, 'ping'), 0o755);
}

function measured(to: string, bytes: number, directory = `${bin}:${process.env['PATH']}`): unknown {
  const { argv, stdin } = pathCall([{ from: '10.0.0.1', to, bytes }]);
  const { stdout } = spawnSync('/bin/sh', argv.slice(1), {
    input: stdin,
    encoding: 'utf8',
    env: { PATH: directory },
  });
  return parsePathAnswers(stdout, 1)[0];
}

function tries(): number {
  return spawnSync('cat', [join(bin, 'tries')], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n').length;
}

describe('the largest packet that arrives', () => {
  test('is the first that is tried where the path is as wide as its ends', () => {
    path(1500, 'nobody');
    expect([measured('10.0.0.2', 1500), tries()]).toEqual([{ carries: 1500 }, 1]);
  });

  test.each([
    ['router', 4],
    ['kernel', 4],
    ['router', 6],
    ['kernel', 6],
  ] as const)('is the second where the %s says what it takes (IPv%i)', (teller, family) => {
    path(1400, teller, family);
    expect([measured(family === 4 ? '10.0.0.2' : 'fd00::2', 1500), tries()]).toEqual([{ carries: 1400 }, 2]);
  });

  test.each([1499, 1400, 577, 576])('is searched for where nobody says it: %i', carries => {
    path(carries, 'nobody');
    expect(measured('10.0.0.2', 1500)).toEqual({ carries });
    expect(tries()).toBeLessThan(20);
  });

  test('of IPv6 is no less than 1280 bytes: what carries less is no path', () => {
    path(1280, 'nobody', 6);
    expect(measured('fd00::2', 1500)).toEqual({ carries: 1280 });
    path(1200, 'router', 6);
    expect(measured('fd00::2', 1500)).toMatchObject({ why: expect.stringContaining('0 received') });
  });

  test('is unknown where nothing is answered, or nothing can be asked', () => {
    path(1500, 'nobody');
    expect(measured('10.0.0.9', 1500)).toEqual({
      why: '1 packets transmitted, 0 received, 100% packet loss, time 0ms',
    });
    rmSync(join(bin, 'ping'));
    expect(measured('10.0.0.2', 1500, bin)).toEqual({ why: 'the host has no ping' });
  });

  test('is not searched for by a lie: a router that says the same again, or nonsense', () => {
    path(1400, 'nobody');
    for (const lie of ['(mtu = 1500)', '(mtu = 0)', '(mtu = 99999)']) {
      const script = `#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = -s ] && size=$2; shift; done
[ $((size + 28)) -gt 1400 ] || exit 0
echo 'From 10.0.0.254 icmp_seq=1 Frag needed and DF set ${lie}'; exit 1
`;
      writeFileSync(join(bin, 'ping'), script);
      chmodSync(join(bin, 'ping'), 0o755);
      expect(measured('10.0.0.2', 1500)).toEqual({ carries: 1400 });
    }
  });
});

test('one command asks for all paths of a host, and their answers come in any order', () => {
  const { stdin } = pathCall([
    { from: '192.0.2.1', to: '192.0.2.2', bytes: 1500 },
    { from: 'fd00::1', to: 'fd00::2', bytes: 9000 },
  ]);
  expect(stdin).toBe('4 192.0.2.1 192.0.2.2 1500\n6 fd00::1 fd00::2 9000\n');
  expect(parsePathAnswers('2 8950 rtt\n1 0 100% packet loss\n', 3)).toEqual([
    { why: '100% packet loss' },
    { carries: 8950 },
    { why: 'no answer from the host' },
  ]);
});
