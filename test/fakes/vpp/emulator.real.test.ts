import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../support/cli.js';
import { emulatorMissing, startVpp, type Emulator, type Wanted } from './emulator.js';

/** A VPP with a socket of its own. */
const start = (wanted: Wanted = {}): Promise<Emulator> =>
  startVpp({ socket: join(mkdtempSync(join(tmpdir(), 'vpp-')), 'cli.sock'), ...wanted });

const say = async (vpp: Emulator, command: string): Promise<string> =>
  (await vpp.ask(...command.split(' '))).stdout;

const sh = (line: string): string => execFileSync('sh', ['-ec', line], { encoding: 'utf8' });

/** The interfaces of all packet sockets here. */
const sockets = (): readonly number[] =>
  readFileSync('/proc/net/packet', 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => Number(line.trim().split(/\s+/)[4]));

const indexOf = (device: string): number => Number(sh(`cat /sys/class/net/${device}/ifindex`));

describe.skipIf(emulatorMissing())('an emulated VPP and Linux devices', () => {
  test('an attached device is set up, and down when it is let go', async () => {
    await using vpp = await start();
    sh('ip link add va1 type veth peer name vb1');
    expect(await say(vpp, 'create host-interface name nope')).toContain('Invalid interface name');
    expect(await say(vpp, 'create host-interface name va1')).toBe('host-va1\r\n');
    expect(sockets()).toEqual([indexOf('va1')]);
    const [, pid] = /Current PID: +(\d+)/.exec(await say(vpp, 'show version verbose'))!;
    expect(sh(`cat /proc/${pid}/comm; ls -l /proc/${pid}/fd`)).toMatch(/^vpp_main\n[^]*socket:/);
    expect(sh('cat /sys/class/net/va1/flags')).toMatch(/[13579bdf]$/m);
    await say(vpp, 'set interface mtu 1400 host-va1');
    expect(sh('cat /sys/class/net/va1/mtu')).toBe('1444\n');
    await say(vpp, 'delete host-interface name va1');
    expect(sockets()).toEqual([]);
    expect(sh('cat /sys/class/net/va1/flags')).toMatch(/[02468ace]$/m);
    sh('ip link del va1');
  });

  test('a port whose device was made anew is dead, and only deleting helps', async () => {
    await using vpp = await start();
    const make = (): string => sh('ip link add va1 type veth peer name vb1');
    make();
    await say(vpp, 'create host-interface name va1');
    sh('ip link del va1');
    expect(await say(vpp, 'show hardware-interfaces host-va1')).toMatch(/now:\r\n {2}RX Queue/);
    make();
    expect(await say(vpp, 'create host-interface name va1')).toBe('host-va1\r\n');
    expect(sockets()).toEqual([-1]);
    await say(vpp, 'delete host-interface name va1');
    await say(vpp, 'create host-interface name va1');
    expect(sockets()).toEqual([indexOf('va1')]);
    await vpp.restart();
    expect(sockets()).toEqual([]);
    expect(await say(vpp, 'show interface addr')).toBe('local0 (dn):\r\n');
    sh('ip link del va1');
  });

  test('a tap is a device of the namespace it was made for, and goes with the VPP', async () => {
    await using vpp = await start({ vhostNet: true });
    sh('ip netns add far');
    const command = 'create tap id 7 host-ns far host-if-name eth1 host-mac-addr 02:00:00:00:00:07';
    expect(await say(vpp, command)).toBe('tap7\r\n');
    expect(sh('ip -n far link show eth1')).toContain('02:00:00:00:00:07');
    await vpp.kill();
    expect(sh('ip -n far -o link | wc -l')).toBe('1\n');
    sh('ip netns del far');
  });
});

describe.skipIf(emulatorMissing())('an emulated VPP', () => {
  test('meets another one at a memif socket, until it goes', async () => {
    await using master = await start();
    await using slave = await start();
    const socket = join(mkdtempSync(join(tmpdir(), 'memif-')), 'one.sock');
    for (const [vpp, role] of [
      [master, 'master'],
      [slave, 'slave'],
    ] as const) {
      await say(vpp, `create memif socket id 1 filename ${socket}`);
      await say(vpp, `create interface memif id 0 socket-id 1 ${role}`);
      expect(await say(vpp, 'show memif')).not.toContain('connected');
      await say(vpp, 'set interface state memif1/0 up');
    }
    const connected = async (): Promise<boolean> => / connected/.test(await say(master, 'show memif'));
    await expect.poll(connected).toBe(true);
    await slave.kill();
    await expect.poll(connected).toBe(false);
    expect(await say(master, 'show memif')).toContain('local-disc-reason "disconnected"');
  });

  test('that is dead or absent is a connect error, and a hanging one waits for ever', async () => {
    await using vpp = await start();
    const ask = (): ReturnType<typeof run> =>
      run([vpp.vppctl, '-s', vpp.socket, 'show', 'version'], { killAfter: 500 });
    await vpp.turn({ hang: true });
    expect(await ask()).toMatchObject({ code: null, stdout: '' });
    await vpp.turn({ hang: false });
    expect((await ask()).stdout).toMatch(/^vpp v25\.10-release /);
    await vpp.kill();
    expect(await ask()).toMatchObject({ code: 1, stderr: 'connect: Connection refused\n' });
    expect(await run([vpp.vppctl, '-s', `${vpp.socket}.none`, 'x'])).toMatchObject({
      code: 1,
      stderr: 'connect: No such file or directory\n',
    });
  });

  test('dies with the command that it is told to, done or not, and the client ends with 0', async () => {
    await using vpp = await start();
    await vpp.turn({ die: { at: 2, done: true } });
    expect(await vpp.ask('create bridge-domain 7')).toMatchObject({ code: 0, stdout: 'bridge-domain 7\r\n' });
    expect(await vpp.ask('create bridge-domain 8')).toMatchObject({ code: 0, stdout: 'bridge-d' });
    await expect.poll(async () => (await vpp.ask('show version')).code).toBe(1);
  });

  test('fails from the command on that it is told to', async () => {
    await using vpp = await start();
    await vpp.turn({ fail: { from: 2, answer: 'create bridge-domain: no\r\n' } });
    expect(await say(vpp, 'create bridge-domain 7')).toBe('bridge-domain 7\r\n');
    expect(await say(vpp, 'create bridge-domain 8')).toBe('create bridge-domain: no\r\n');
    await vpp.turn({ fail: { from: 999, answer: '' } });
    expect(await say(vpp, 'show bridge-domain 8')).toContain('No such bridge domain 8');
    expect((await vpp.report()).commands).toEqual(['create bridge-domain 7', 'show bridge-domain 8']);
  });

  test('fails the test that asks what no transcript tells', async () => {
    const vpp = await start();
    expect(await vpp.ask('show ip fib')).toMatchObject({ code: 97, stdout: '' });
    await expect(vpp[Symbol.asyncDispose]()).rejects.toThrow('no transcript of `show ip fib');
  });
});
