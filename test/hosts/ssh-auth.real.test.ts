import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openHost } from '../../src/hosts/index.js';
import { mustRun, sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';

describe.skipIf(sandboxesMissing())('logging in', () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let agent: ChildProcess;
  let socket: string;
  const ssh = (...words: readonly string[]): string => join(hosts.home, '.ssh', ...words);
  const login = (environment: Readonly<Record<string, string>>): Promise<string> =>
    openHost(
      { name: 'tera', form: { is: 'ssh', address: 'one' }, acceptNewHostKey: false },
      { environment: { PATH: process.env['PATH'], ...environment }, homedir: hosts.home },
    ).then(
      host => host.close().then(() => 'in'),
      (error: { code: string; message: string; hint: string }) =>
        `${error.code}: ${error.message} (${error.hint})`,
    );
  const keygen = (file: string, type = 'ed25519', passphrase = ''): void =>
    void spawnSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file]);
  const configure = (...lines: readonly string[]): Promise<void> => {
    const address = sandboxes.address(sandboxes.names[0]!);
    const all = [
      'Host one',
      `HostName ${address}`,
      'Port 2222',
      'User root',
      `UserKnownHostsFile ${ssh('known_hosts')}`,
      ...lines,
    ];
    return writeFile(ssh('config'), all.join('\n  ') + '\n');
  };
  const authorize = async (...files: readonly string[]): Promise<void> => {
    const host = await sandboxes.open(sandboxes.names[0]!);
    const keys = files.map(
      file => spawnSync('ssh-keygen', ['-y', '-P', 'secret', '-f', file], { encoding: 'utf8' }).stdout,
    );
    await mustRun(host, ['sh', '-c', 'cat >/run/sshd-2/authorized_keys'], keys.join(''));
    await host.close();
  };

  beforeAll(async () => {
    sandboxes = await startSandboxes(1);
    hosts = await presentAsSsh(sandboxes);
    socket = join(hosts.home, 'agent');
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    for (let i = 0; i < 8; i++) keygen(ssh(`wrong${i}`));
    keygen(ssh('encrypted'), 'ed25519', 'secret');
    keygen(ssh('rsa'), 'rsa');
    keygen(ssh('ecdsa'), 'ecdsa');
    await vi.waitUntil(() => existsSync(socket));
  });
  afterAll(async () => {
    agent.kill();
    await hosts[Symbol.asyncDispose]();
    await sandboxes[Symbol.asyncDispose]();
  });

  it.each(['rsa', 'ecdsa'])('with a key of type %s', async type => {
    await authorize(ssh(type));
    await configure(`IdentityFile ${ssh(type)}`);
    expect(await login({})).toBe('in');
  });

  it('with the second of two key files', async () => {
    await authorize(ssh('rsa'));
    await configure(`IdentityFile ${ssh('wrong0')}`, `IdentityFile ${ssh('rsa')}`);
    expect(await login({})).toBe('in');
  });

  it('with an encrypted key only through the agent', async () => {
    await authorize(ssh('encrypted'));
    await configure(`IdentityFile ${ssh('encrypted')}`);
    expect(await login({})).toMatch(/^host\.auth: .*ssh-add .*encrypted/);
    spawnSync('ssh-add', [ssh('encrypted')], {
      env: {
        ...process.env,
        SSH_AUTH_SOCK: socket,
        SSH_ASKPASS: await askpass(),
        SSH_ASKPASS_REQUIRE: 'force',
      },
    });
    expect(await login({ SSH_AUTH_SOCK: socket })).toBe('in');
  });

  it('with the right key behind eight others of the agent, by IdentitiesOnly', async () => {
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    spawnSync('ssh-add', ['-D'], { env });
    for (let i = 0; i < 8; i++) spawnSync('ssh-add', ['-q', ssh(`wrong${i}`)], { env });
    spawnSync('ssh-add', ['-q', ssh('rsa')], { env });
    await authorize(ssh('rsa'));
    await configure(`IdentityFile ${ssh('rsa.pub')}`, 'IdentitiesOnly yes');
    expect(await login({ SSH_AUTH_SOCK: socket })).toBe('in');
    await configure('IdentitiesOnly no');
    expect(await login({ SSH_AUTH_SOCK: socket })).toMatch(/^host\./);
  });

  it('goes on without an agent that is not there', async () => {
    await authorize(ssh('rsa'));
    await configure(`IdentityFile ${ssh('rsa')}`, `IdentityAgent ${ssh('no-agent')}`);
    expect(await login({ SSH_AUTH_SOCK: '/nowhere' })).toBe('in');
  });

  it('checks a host of which only an RSA key is known by that key', async () => {
    const host = await sandboxes.open(sandboxes.names[0]!);
    const script = `ssh-keygen -q -t rsa -N '' -f /run/sshd-2/rsa && kill "$(cat /run/sshd-2.pid)"
      sed -i '1i HostKey /run/sshd-2/rsa' /run/sshd-2/sshd_config
      $(command -v sshd) -f /run/sshd-2/sshd_config -p 2222 >/dev/null 2>&1
      cut -d' ' -f1,2 /run/sshd-2/rsa.pub`;
    const { stdout } = await mustRun(host, ['sh', '-c', script]);
    await writeFile(ssh('known_hosts'), '');
    await appendFile(ssh('known_hosts'), `[${sandboxes.address(sandboxes.names[0]!)}]:2222 ${stdout}`);
    await authorize(ssh('rsa'));
    await configure(`IdentityFile ${ssh('rsa')}`);
    expect(await login({})).toBe('in');
  });

  async function askpass(): Promise<string> {
    const file = ssh('askpass');
    await writeFile(file, '#!/bin/sh\necho secret\n', { mode: 0o755 });
    return file;
  }
});
