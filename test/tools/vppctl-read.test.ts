import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VPP_READER } from '../../src/tools/vppctl-read.js';

/** What the reader says of the sockets of a process that VPP says it is, called so. */
function socketsOf(pid: number, called: readonly string[]): string {
  const script = `${VPP_READER}\nout="Current PID: $1"; shift; vpp_sockets "$@"; printf '%s\\n' "$out"`;
  return spawnSync('sh', ['-c', script, 'sh', `${pid}`, ...called], { encoding: 'utf8' }).stdout;
}

describe.skipIf(process.platform !== 'linux')(
  'the sockets of VPP, and the network namespace that it is in',
  () => {
    test.each([
      { called: ['vppctl'], title: 'on the host' },
      { called: ['/opt/bin/vppctl', '-s', '/run/other.sock'], title: 'with another socket' },
      { called: ['env', 'A=two words', 'vppctl'], title: 'behind a program that leads to it' },
      { called: ['my-vpp'], title: 'called by a name of its own' },
    ])('$title', ({ called }) => {
      const directory = mkdtempSync(join(tmpdir(), 'topo-test-'));
      const program = join(directory, 'vpp_main');
      copyFileSync('/bin/sleep', program);
      const vpp = spawn(program, ['60']);
      try {
        const said = socketsOf(vpp.pid!, called);
        expect(said).toContain(`#vpp# sockets\n${readlinkSync('/proc/self/ns/net')}\n`);
        expect(said).toContain('\ndev null\n');
        expect(said.includes('\ndev vhost-net\n')).toBe(existsSync('/dev/vhost-net'));
        // What is read after it is still that answer.
        expect(said.trimEnd().split('\n').at(-1)).toBe(`Current PID: ${vpp.pid!}`);
      } finally {
        vpp.kill();
        rmSync(directory, { recursive: true });
      }
    });

    test('are not those of another process that has its number here', () => {
      expect(socketsOf(process.pid, ['vppctl'])).toBe(`Current PID: ${process.pid}\n`);
    });
  },
);

/** Seconds that the reader waits for a VPP that says so of itself. */
function waits(clock: string, cmdline: string): string {
  const script = `${VPP_READER}\nsleep() { echo "waits $1 s"; }\nvpp_settle sh -c "$1" vppctl`;
  const vppctl = `case $* in 'show clock') printf '${clock}' ;; *) printf '${cmdline}' ;; esac`;
  const timeout = 'timeout() { shift; "$@"; }';
  return spawnSync('sh', ['-c', `${timeout}\n${script}`, 'sh', vppctl], { encoding: 'utf8' }).stdout;
}

test.each([
  ['.625785', 'startup-config', 'waits 4 s\n'],
  ['3.9', 'exec', 'waits 4 s\n'],
  ['1.2', 'nodaemon', ''],
  ['4.1', 'startup-config', ''],
  ['1539.291413', 'startup-config', ''],
])('a VPP that runs for %s s, started with %s, is read once it has carried that out', (time, word, said) => {
  const cmdline = `  unix\\r\\n    {\\r\\n    ${word}\\r\\n    /run/vpp/exec.txt\\r\\n    }\\r\\n`;
  expect(waits(`Time now ${time}, Sun, 22 Nov\\r\\n`, cmdline)).toBe(said);
});
