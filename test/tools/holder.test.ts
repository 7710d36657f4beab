import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { holderArchitectures, holderProgram } from '../../src/tools/index.js';

const OWN = process.arch === 'x64' ? 'amd64' : process.arch;

/** The one for arm64 was tried by hand under QEMU's user mode, in the same way. */
test.skipIf(process.platform !== 'linux' || !holderArchitectures.includes(OWN))(
  'the program runs until it is told to end, and goes on after it was stopped',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'topo-holder-'));
    try {
      const path = join(directory, 'holder');
      writeFileSync(path, holderProgram(OWN)!, { mode: 0o755 });
      const child = spawn(path, { stdio: 'ignore' });
      const ended = new Promise(resolve => child.on('exit', (code, signal) => resolve(signal ?? code)));
      await new Promise(resolve => child.on('spawn', resolve));
      await sleep(100);
      child.kill('SIGSTOP');
      child.kill('SIGCONT');
      await sleep(100);
      expect(child.exitCode).toBeNull();
      child.kill('SIGTERM');
      expect(await ended).toBe(143);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);

test('every program is one of its processor, and there is none for others', () => {
  const machines = holderArchitectures.map(arch => [arch, holderProgram(arch)!.readUInt16LE(18)]);
  expect(machines).toEqual([
    ['amd64', 62],
    ['arm64', 183],
  ]);
  expect(holderProgram('riscv64')).toBeUndefined();
});
