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

const version = { via: 'docker', method: 'GET', path: '/version' } as const;

describe.skipIf(sandboxesMissing()).each(TRANSPORTS)('a user who is not root, by %s', transport => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  const open = (more: Partial<HostTarget> = {}): Promise<Host> =>
    openHost(
      { name: 'tera', form: { is: 'ssh', address: 'one' }, acceptNewHostKey: false, transport, ...more },
      ambient(hosts.home),
    );

  beforeAll(async () => {
    sandboxes = await startSandboxes(1);
    hosts = await presentAsSsh(sandboxes, { user: 'operator' });
  });
  afterAll(async () => {
    await hosts[Symbol.asyncDispose]();
    await sandboxes[Symbol.asyncDispose]();
  });

  it('becomes root by sudo, unless the command needs none', async () => {
    const host = await open();
    expect((await host.exec(['id', '-un'])).stdout).toBe('root\n');
    expect((await host.exec(['id', '-un'], { root: false })).stdout).toBe('sandy\n');
    expect((await host.exec(['sh', '-c', 'echo "$SSH_CONNECTION"'])).stdout).toMatch(/ 2222\n$/);
    await host.close();
  });

  it('reaches the engine by sudo too', async () => {
    const host = await open();
    const answers = await Promise.all(Array.from({ length: 10 }, () => host.engine(version)));
    expect(new Set(answers.map(a => a.status))).toEqual(new Set([200]));
    await host.close();
  });

  it('can end what it started as root', async () => {
    const host = await open();
    await expect(host.exec(['sleep', '63.1'], { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'host.timeout',
    });
    await expect.poll(async () => (await host.exec(['pgrep', '-fx', 'sleep 63.1'])).code).toBe(1);
    await host.close();
  });

  it('is told what to allow where sudo is off or asks for a password', async () => {
    const off = await open({ sudo: false });
    await expect(off.exec(['true'])).rejects.toMatchObject({ code: 'host.sudo' });
    expect((await off.exec(['id', '-un'], { root: false })).stdout).toBe('sandy\n');
    await expect(off.engine(version)).rejects.toMatchObject({
      code: 'engine.permission',
      hint: expect.stringContaining('usermod -aG docker sandy') as string,
    });
    await off.close();
    const root = await sandboxes.open(sandboxes.names[0]!);
    await mustRun(root, ['rm', '/etc/sudoers.d/sandy']);
    const host = await open();
    await expect(host.exec(['true'])).rejects.toMatchObject({
      code: 'host.sudo',
      hint: expect.stringContaining('sandy ALL=(root) NOPASSWD: ALL') as string,
    });
    await host.close();
  });
});
