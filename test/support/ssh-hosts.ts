import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../src/core/index.js';
import { mustRun, type TestSandboxes } from './sandboxes.js';

/** Hosts of which topo knows nothing but what `~/.ssh/config` says: `ssh://one`, `ssh://two` … */
export interface SshHosts extends AsyncDisposable {
  /** A home directory with `.ssh/config`, a key and known_hosts; pass it as HOME or as `homedir`. */
  readonly home: string;
  /** The names that stand in the config, in the order of the sandboxes. */
  readonly aliases: readonly string[];
  /** The argv that runs something on a host by plain ssh. */
  readonly reach: (alias: string) => readonly string[];
}

export interface SshHostOptions {
  readonly port?: number;
  /** `root`, or one who has to use sudo. */
  readonly user?: 'root' | 'operator';
  /** Whether all but the first are reached through the first. */
  readonly jump?: boolean;
  /** Lines of sshd_config, ahead of all others. */
  readonly sshd?: string;
}

const ALIASES = ['one', 'two', 'three', 'four', 'five'];

/**
 * Presents sandboxes as plain ssh hosts: a second sshd with a host key of its own on another port, another user's key,
 * and where asked a user that becomes root by sudo only. What is changed stays inside the sandbox and ends with it.
 */
export async function presentAsSsh(
  sandboxes: TestSandboxes,
  { port = 2222, user = 'root', jump = false, sshd = '' }: SshHostOptions = {},
): Promise<SshHosts> {
  const home = await mkdtemp(join(tmpdir(), 'topo-home-'));
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  const key = join(home, '.ssh', 'id_ed25519');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const pub = await readFile(`${key}.pub`, 'utf8');
  const aliases = ALIASES.slice(0, sandboxes.names.length);
  const known: string[] = [];
  for (const name of sandboxes.names) {
    const host = await sandboxes.open(name);
    known.push(`[${sandboxes.address(name)}]:${port} ${await startSshd(host, port, pub, sshd)}`);
    if (user !== 'root') await addUser(host);
    await host.close();
  }
  const config = aliases.map((alias, i) => {
    const address = sandboxes.address(sandboxes.names[i]!);
    const lines = [`HostName ${address}`, `Port ${port}`, `User ${user === 'root' ? 'root' : 'sandy'}`];
    if (jump && i > 0) lines.push(`ProxyJump ${aliases[0]}`);
    return `Host ${alias}\n  ${lines.join('\n  ')}\n`;
  });
  const file = join(home, '.ssh', 'config');
  await writeFile(join(home, '.ssh', 'known_hosts'), known.join(''));
  await writeFile(
    file,
    `${config.join('')}Host *\n  UserKnownHostsFile ${home}/.ssh/known_hosts\n  IdentityFile ${key}\n`,
  );
  return {
    home,
    aliases,
    reach: alias => ['ssh', '-F', file, alias],
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

/** Gives the host key: its type and itself. */
async function startSshd(host: Host, port: number, authorized: string, lines: string): Promise<string> {
  const script = `set -e
    mkdir -p /run/sshd-2 && cat >/run/sshd-2/authorized_keys
    [ -e /run/sshd-2/key ] || ssh-keygen -q -t ed25519 -N '' -f /run/sshd-2/key
    printf '%s\\n' "$2" >/run/sshd-2/sshd_config
    sed -e 's#/run/sshd/#/run/sshd-2/#; s#host_key#key#; s#sshd.pid#sshd-2.pid#' /run/sshd/sshd_config >>/run/sshd-2/sshd_config
    [ ! -e /run/sshd-2.pid ] || kill "$(cat /run/sshd-2.pid)"
    $(command -v sshd) -f /run/sshd-2/sshd_config -p "$1" -E /run/log/sshd-2.log >/dev/null 2>&1
    cat /run/sshd-2/key.pub`;
  const { stdout } = await mustRun(host, ['sh', '-c', script, 'sh', String(port), lines], authorized);
  return `${stdout.split(' ').slice(0, 2).join(' ')}\n`;
}

/** `sandy` is in no group that may use the engine. The files are the sandbox's own, bound over the machine's. */
async function addUser(host: Host): Promise<void> {
  const script = `set -e
    mkdir -p /run/sandy && chown 4242:4242 /run/sandy
    echo 'sandy:x:4242:4242::/run/sandy:/bin/sh' >>/etc/passwd
    echo 'sandy:*:19000:0:99999:7:::' >>/etc/shadow
    mount -n -t tmpfs -o mode=750 tmpfs /etc/sudoers.d
    echo 'sandy ALL=(root) NOPASSWD: ALL' >/etc/sudoers.d/sandy`;
  await mustRun(host, ['sh', '-c', script]);
}
