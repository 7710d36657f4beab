import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emulatorMissing, startVpp } from './emulator.js';

const sh = (line: string): string => {
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', line], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line}: ${stderr}`);
  return stdout;
};

describe.skipIf(emulatorMissing())('an emulated VPP', () => {
  test('takes Linux devices as a VPP does', async () => {
    await using vpp = await startVpp();
    const say = async (command: string): Promise<string> => (await vpp.ask(...command.split(' '))).stdout;
    sh('ip link add va1 type veth peer name vb1');
    expect(await say('create host-interface name nope')).toBe(
      'create host-interface: Invalid interface name\r\n',
    );
    expect(await say('create host-interface name va1')).toBe('host-va1\r\n');
    const index = Number(sh('cat /sys/class/net/va1/ifindex'));
    expect(sockets()).toEqual([index]);
    expect(sh('ip -br link show va1')).toContain('UP');
    sh('ip link del va1');
    expect(sockets()).toEqual([-1]);
    expect(await say('show hardware-interfaces host-va1')).toMatch(/now:\r\n {2}RX Queue/);
  });
});

/** Interfaces of all packet sockets here. */
const sockets = (): readonly number[] =>
  readFileSync('/proc/net/packet', 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => Number(line.trim().split(/\s+/)[4]));
