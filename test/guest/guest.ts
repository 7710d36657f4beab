import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Ran } from '../support/cli.js';
import { startSandboxes } from '../support/sandboxes.js';

const KERNEL = new URL('../../.cache/guest', import.meta.url).pathname;
const INIT = new URL('init.sh', import.meta.url).pathname;
/** What simulated hosts are joined by; the guest is one more on it. */
const BRIDGE = 'topo-sandbox';
/** Far from where simulated hosts get theirs. */
const ADDRESS = '198.18.200.1';
const MEMORY_MB = 2048;
/** An emulated processor on a machine with other work is slow. */
const PATIENCE_MS = 300_000;

/** A QEMU guest with Debian's own kernel: a host, `ssh://guest`, with what the machine's kernel may lack. */
export interface Guest extends AsyncDisposable {
  /** A home directory with the `.ssh/config` that knows it; pass it as HOME. */
  readonly home: string;
  readonly address: string;
  /** Runs a command there, as a hand on the host would. */
  readonly inside: (...argv: readonly string[]) => Promise<Ran>;
}

/** Why there can be no guest here, or undefined. Tests are skipped with it, and say so. */
export function guestMissing(): string | undefined {
  if (!existsSync(join(KERNEL, 'initrd'))) return 'needs `npm run test:guest`, which fetches its kernel';
  return spawnSync('which', ['qemu-system-x86_64']).status === 0 ? undefined : 'needs qemu-system-x86_64';
}

/**
 * Boots a guest beside the simulated hosts, on their bridge, and waits for its sshd and its engine. Its root is
 * the machine's own, read-only, with a memory of its own above it; its processor is emulated, so that no machine is unfit.
 */
export async function startGuest(): Promise<Guest> {
  const directory = await mkdtemp(join(tmpdir(), 'topo-guest-'));
  await writeKeys(directory);
  // Removing the last simulated host takes the bridge away, with the guest on it.
  const other = await startSandboxes(1);
  await must(['ip', 'tuntap', 'add', 'topo-guest', 'mode', 'tap']);
  await must(['ip', 'link', 'set', 'dev', 'topo-guest', 'master', BRIDGE, 'up']);
  const machine = boot(directory);
  const config = join(directory, '.ssh', 'config');
  const inside = (...argv: readonly string[]): Promise<Ran> =>
    run(['ssh', '-F', config, 'guest', quoted(argv)]);
  await listening(machine, directory);
  await must(['ssh', '-F', config, 'guest', 'until docker version >/dev/null 2>&1; do sleep 0.5; done']);
  return {
    home: directory,
    address: ADDRESS,
    inside,
    async [Symbol.asyncDispose]() {
      machine.kill('SIGKILL');
      await run(['ip', 'link', 'del', 'dev', 'topo-guest']);
      await other[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function writeKeys(directory: string): Promise<void> {
  const ssh = join(directory, '.ssh');
  await mkdir(ssh, { mode: 0o700 });
  for (const file of [join(directory, 'host_key'), join(ssh, 'id_ed25519')])
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const hostKey = await readFile(join(directory, 'host_key.pub'), 'utf8');
  await writeFile(join(directory, 'address'), `${ADDRESS}\n`);
  await writeFile(join(directory, 'authorized_keys'), await readFile(join(ssh, 'id_ed25519.pub'), 'utf8'));
  await writeFile(join(ssh, 'known_hosts'), `${ADDRESS} ${hostKey.split(' ').slice(0, 2).join(' ')}\n`);
  const lines = [`HostName ${ADDRESS}`, 'User root', `IdentityFile ${ssh}/id_ed25519`];
  await writeFile(
    join(ssh, 'config'),
    `Host guest\n  ${lines.join('\n  ')}\n  UserKnownHostsFile ${ssh}/known_hosts\n`,
  );
}

function boot(directory: string): ChildProcess {
  const append = `console=ttyS0 quiet panic=-1 mitigations=off audit=0 apparmor=0 guest.init=${INIT} guest.directory=${directory} guest.kernel=${KERNEL}`;
  return spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', String(MEMORY_MB)],
      ...['-display', 'none', '-no-reboot', '-serial', `file:${join(directory, 'console')}`],
      ...['-kernel', join(KERNEL, 'vmlinuz'), '-initrd', join(KERNEL, 'initrd'), '-append', append],
      '-virtfs',
      'local,path=/,mount_tag=machine,security_model=none,readonly=on,multidevs=remap',
      ...['-netdev', 'tap,id=wire,ifname=topo-guest,script=no,downscript=no'],
      ...['-device', 'virtio-net-pci,netdev=wire,mac=02:01:c6:12:c8:01'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/** Its console says when; what it said instead is told. */
async function listening(machine: ChildProcess, directory: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  const console = join(directory, 'console');
  for (;;) {
    const said = await readFile(console, 'utf8').catch(() => '');
    if (said.includes('sshd listens')) return;
    if (machine.exitCode !== null || Date.now() > until)
      throw new Error(`the guest does not come up: ${said}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

/** A remote shell puts words together and takes them apart again. */
function quoted(argv: readonly string[]): string {
  return argv.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

async function must(argv: readonly string[]): Promise<void> {
  const { code, stderr } = await run(argv);
  if (code !== 0) throw new Error(`${argv.slice(0, 4).join(' ')}: ${stderr}`);
}
