import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/index.js';
import { openHost, type HostTarget } from '../../src/hosts/index.js';
import {
  ambient,
  mustRun,
  sandboxesMissing,
  startSandboxes,
  TRANSPORTS,
  type TestSandboxes,
} from '../support/sandboxes.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';

const one: HostTarget = { name: 'tera', form: { is: 'ssh', address: 'one' }, acceptNewHostKey: false };

describe.skipIf(sandboxesMissing()).each(TRANSPORTS)('hosts that topo did not make, by %s', transport => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let known: string;
  const knownFile = (): string => join(hosts.home, '.ssh', 'known_hosts');
  const open = (target: Partial<HostTarget> = {}): Promise<Host> =>
    openHost({ ...one, transport, ...target }, ambient(hosts.home));
  const at = (address: string, port = 22): Partial<HostTarget> => ({
    form: { is: 'ssh', user: 'root', address, port },
  });

  beforeAll(async () => {
    sandboxes = await startSandboxes(1);
    hosts = await presentAsSsh(sandboxes);
    known = await readFile(knownFile(), 'utf8');
  });
  afterAll(async () => {
    await hosts[Symbol.asyncDispose]();
    await sandboxes[Symbol.asyncDispose]();
  });

  it('are found by ~/.ssh/config, on a port of their own', async () => {
    const host = await open();
    const client = transport === 'ssh2' ? 'ssh' : 'ssh (openssh)';
    expect(host.described).toBe(`${client} root@${sandboxes.address(sandboxes.names[0]!)}:2222`);
    expect(await host.exec(['id', '-u'])).toMatchObject({ stdout: '0\n' });
    expect(host.trips).toEqual({ exec: 1, engine: 0 });
    await host.close();
  });

  it('tell commands by which address they were reached', async () => {
    const host = await open();
    const { stdout } = await host.exec(['sh', '-c', 'echo "$SSH_CONNECTION"']);
    expect(stdout).toMatch(
      new RegExp(`^198\\.18\\.0\\.1 \\d+ ${sandboxes.address(sandboxes.names[0]!)} 2222\n$`),
    );
    await host.close();
  });

  describe('whose key is not the known one', () => {
    afterAll(() => writeFile(knownFile(), known));

    it('are taken and remembered where that was asked for', async () => {
      await writeFile(knownFile(), '# mine\n');
      await (await open({ acceptNewHostKey: true })).close();
      expect(await readFile(knownFile(), 'utf8')).toBe(`# mine\n${known.trim()}\n`);
      await (await open()).close();
    });

    it('are not taken with a changed key, asked for or not', async () => {
      await writeFile(
        knownFile(),
        known.replace(/AAAA\S+/, key => `${key.slice(0, -4)}AAAA`),
      );
      await expect(open({ acceptNewHostKey: true })).rejects.toMatchObject({ code: 'host.key-changed' });
    });
  });

  it('are unreachable where no host is, and where no name is', async () => {
    const began = Date.now();
    await expect(open(at('198.18.255.253'))).rejects.toMatchObject({ code: 'host.unreachable' });
    await expect(open(at('no-such-host.invalid'))).rejects.toMatchObject({ code: 'host.unreachable' });
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  it('end what is under way at once when the connection breaks', async () => {
    const host = await open();
    const command = host.exec(['sleep', '100']);
    const call = host.engine({ via: 'docker', method: 'GET', path: '/events' });
    const channel = await host.start(['cat']);
    const outcomes = Promise.allSettled([command, call]);
    const began = Date.now();
    const killer = await sandboxes.open(sandboxes.names[0]!);
    await expect.poll(async () => (await killer.exec(['pgrep', '-fx', 'sleep 100'])).code).toBe(0);
    await mustRun(killer, ['sh', '-c', 'pkill -KILL -P "$(cat /run/sshd-2.pid)"; pkill -fx \'sleep 100\'']);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'host.lost', who: 'host', retryable: true },
      });
    }
    expect(await channel.exited).toBeUndefined();
    await expect(host.exec(['true'])).rejects.toMatchObject({ code: 'host.lost' });
    await expect(host.engine({ via: 'docker', method: 'GET', path: '/info' })).rejects.toMatchObject({
      code: 'host.lost',
    });
    expect(Date.now() - began).toBeLessThan(5_000);
    await host.close();
  });

  it('are given up when the cable is cut', async () => {
    const netns = `/run/netns/topo-${sandboxes.names[0]!}`;
    const host = await open();
    const began = Date.now();
    const command = host.exec(['sleep', '100']);
    await mustRun(sandboxes.operator, [
      'nsenter',
      `--net=${netns}`,
      'ip',
      'link',
      'set',
      'dev',
      'eth0',
      'down',
    ]);
    await expect(command).rejects.toMatchObject({ code: 'host.lost', retryable: true });
    expect(Date.now() - began).toBeLessThan(25_000);
    await mustRun(sandboxes.operator, [
      'nsenter',
      `--net=${netns}`,
      'ip',
      'link',
      'set',
      'dev',
      'eth0',
      'up',
    ]);
    await host.close();
    // This machine goes on for a moment taking it for unreachable (a failed neighbour entry).
    const answers =
      'for i in $(seq 50); do ping -n -c 1 -W 1 "$1" >/dev/null && exit; sleep 0.1; done; exit 1';
    const address = sandboxes.address(sandboxes.names[0]!);
    await mustRun(sandboxes.operator, ['sh', '-c', answers, 'sh', address]);
  });

  it('end what is under way when the connection is closed', async () => {
    const host = await open();
    const command = host.exec(['sleep', '9']);
    const refused = expect(command).rejects.toMatchObject({ code: 'host.lost' });
    await new Promise(resolve => setTimeout(resolve, 1_000)); // By then it runs.
    await host.close();
    await refused;
  });

  it('give the engine by way of the docker command where sshd forwards no sockets', async () => {
    const root = await sandboxes.open(sandboxes.names[0]!);
    const script = `sed '1i AllowStreamLocalForwarding no' /run/sshd-2/sshd_config >/run/sshd-2/closed
      $(command -v sshd) -f /run/sshd-2/closed -p 2223 -o PidFile=/run/sshd-3.pid -E /run/log/sshd-3.log >/dev/null 2>&1`;
    await mustRun(root, ['sh', '-c', script]);
    await writeFile(knownFile(), `${known}${known.replace(':2222', ':2223')}`);
    const host = await open(at(sandboxes.address(sandboxes.names[0]!), 2223));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => host.engine({ via: 'docker', method: 'GET', path: '/version' })),
    );
    expect(new Set(answers.map(a => a.status))).toEqual(new Set([200]));
    await host.close();
  });

  it('say it where there is no engine', async () => {
    const host = await open({ dockerSocket: '/run/none.sock' });
    await expect(host.engine({ via: 'docker', method: 'GET', path: '/version' })).rejects.toMatchObject({
      code: 'engine.missing',
      hint: expect.stringContaining('docker.io') as string,
    });
    await host.close();
  });
});
