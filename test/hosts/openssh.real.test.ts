import { spawn, spawnSync } from 'node:child_process';
import { appendFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/index.js';
import { openHost, type HostTarget } from '../../src/hosts/index.js';
import { mustRun, sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';

const one: HostTarget = { name: 'tera', form: { is: 'ssh', address: 'one' }, acceptNewHostKey: false };

describe.skipIf(sandboxesMissing())("hosts that OpenSSH's own client connects to", () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let config: string;
  const configFile = (): string => join(hosts.home, '.ssh', 'config');
  const open = (target: Partial<HostTarget> = {}, notice?: (text: string) => void): Promise<Host> =>
    openHost(
      { ...one, ...target },
      { environment: surroundings(), homedir: hosts.home, ...(notice && { notice }) },
    );
  const surroundings = (): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: hosts.home });
  const leftOvers = async (): Promise<readonly string[]> =>
    (await readdir(hosts.home)).filter(name => name.startsWith('topo-ssh-'));

  beforeAll(async () => {
    sandboxes = await startSandboxes(1);
    hosts = await presentAsSsh(sandboxes);
    config = await readFile(configFile(), 'utf8');
  });
  afterEach(() => writeFile(configFile(), config));
  afterAll(async () => {
    await hosts[Symbol.asyncDispose]();
    await sandboxes[Symbol.asyncDispose]();
  });

  it('are those with a ProxyCommand, and it is said', async () => {
    await writeFile(configFile(), config.replace('Host *', 'Host *\n  ProxyCommand busybox nc %h %p'));
    const notices: string[] = [];
    const host = await open({}, text => notices.push(text));
    expect(host.described).toMatch(/^ssh \(openssh\) root@198\.18\.\S+:2222$/);
    expect(notices).toEqual([expect.stringContaining("ProxyCommand 'busybox nc ")]);
    expect(await host.exec(['id', '-u'])).toMatchObject({ code: 0, stdout: '0\n' });
    await host.close();
    await expect(open({ transport: 'ssh2' })).rejects.toMatchObject({ code: 'host.transport' });
  });

  it('are those where a certificate lets in', async () => {
    const key = join(hosts.home, '.ssh', 'id_ed25519');
    const authority = join(hosts.home, 'authority');
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', authority]);
    spawnSync('ssh-keygen', ['-q', '-s', authority, '-I', 'ann', '-n', 'root', `${key}.pub`]);
    const root = await sandboxes.open(sandboxes.names[0]!);
    const only = `cat >/run/sshd-2/authority && : >/run/sshd-2/nobody
      sed '1i TrustedUserCAKeys /run/sshd-2/authority' /run/sshd-2/sshd_config |
        sed 's#^AuthorizedKeysFile.*#AuthorizedKeysFile /run/sshd-2/nobody#' >/run/sshd-2/certified
      $(command -v sshd) -f /run/sshd-2/certified -p 2224 -o PidFile=/run/sshd-4.pid >/dev/null 2>&1`;
    await mustRun(root, ['sh', '-c', only], await readFile(`${authority}.pub`, 'utf8'));
    const known = join(hosts.home, '.ssh', 'known_hosts');
    await appendFile(known, (await readFile(known, 'utf8')).replace(':2222', ':2224'));
    const form = {
      is: 'ssh',
      user: 'root',
      address: sandboxes.address(sandboxes.names[0]!),
      port: 2224,
    } as const;
    const host = await open({ form });
    expect(await host.exec(['id', '-u'])).toMatchObject({ code: 0, stdout: '0\n' });
    await host.close();
    await rm(`${key}-cert.pub`);
    await expect(open({ form })).rejects.toMatchObject({ code: 'host.auth' });
  });

  it('run more commands at a time than there are sessions', async () => {
    const root = await sandboxes.open(sandboxes.names[0]!);
    const few = `sed '1i MaxSessions 2' /run/sshd-2/sshd_config >/run/sshd-2/few
      $(command -v sshd) -f /run/sshd-2/few -p 2225 -o PidFile=/run/sshd-5.pid >/dev/null 2>&1`;
    await mustRun(root, ['sh', '-c', few]);
    const known = join(hosts.home, '.ssh', 'known_hosts');
    await appendFile(known, (await readFile(known, 'utf8')).split('\n')[0]!.replace(':2222', ':2225') + '\n');
    const form = {
      is: 'ssh',
      user: 'root',
      address: sandboxes.address(sandboxes.names[0]!),
      port: 2225,
    } as const;
    const host = await open({ form, transport: 'openssh' });
    const codes = Array.from({ length: 8 }, (_, i) => host.exec(['sh', '-c', `sleep 0.2; exit ${i}`]));
    expect((await Promise.all(codes)).map(r => r.code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await host.close();
  });

  it('leave neither a process nor a file behind, closed or killed', async () => {
    const host = await open({ transport: 'openssh' });
    expect(await leftOvers()).toHaveLength(1);
    await host.close();
    expect(await leftOvers()).toEqual([]);

    const script = `import { openHost } from ${JSON.stringify(new URL('../../dist/hosts/index.js', import.meta.url).href)};
      const target = ${JSON.stringify({ ...one, transport: 'openssh' })};
      const host = await openHost(target, { environment: process.env, homedir: ${JSON.stringify(hosts.home)} });
      console.log('connected');
      await host.exec(['sleep', '5']);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: surroundings(),
    });
    await new Promise(resolve => child.stdout.once('data', resolve));
    expect(await leftOvers()).toHaveLength(1);
    child.kill('SIGKILL');
    await expect.poll(leftOvers, { timeout: 5_000 }).toEqual([]);
    const masters = spawnSync('pgrep', ['-f', `ssh -M .*${hosts.home}`], { encoding: 'utf8' });
    expect(masters.stdout).toBe('');
  });
});
