import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { mustRun, type TestSandboxes } from './sandboxes.js';

/** A host with many sshd's, each on a port of its own, and users of every kind. Nothing of it is left outside the sandbox. */
export interface LoginWorld extends AsyncDisposable {
  /** Holds `.ssh` with the keys, and the sockets of the agents. */
  readonly home: string;
  /** Of a sshd, or of `web`, `mute` (which accepts and says nothing) and `nothing`. */
  readonly port: (of: string) => number;
  /**
   * Fills in `{home}`, `{address}`, `{link}` (its IPv6 link-local address), `{port:SSHD}`, `{key}` and `{key:KIND}` (a
   * host key as known_hosts has it; kinds are rsa, gate and ca).
   */
  readonly fill: (text: string) => string;
  /** Puts the names back in the place of what they were filled in with, and of fingerprints. */
  readonly blank: (text: string) => string;
}

/** The first port; the sshd's get one after the other. */
const PORT = 2301;

/** Makes the world in the first of the sandboxes: `sshds` are lines of sshd_config by name. */
export async function startLoginWorld(
  sandboxes: TestSandboxes,
  sshds: Readonly<Record<string, readonly string[]>>,
): Promise<LoginWorld> {
  const home = await mkdtemp(join(tmpdir(), 'topo-logins-'));
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  const authorized = makeKeys(join(home, '.ssh'));
  const agents = [
    await startAgent(join(home, 'crowded'), [...WRONG, 'right'], home),
    await startAgent(join(home, 'lone'), ['right', 'opened'], home),
  ];
  const [name] = sandboxes.names;
  const host = await sandboxes.open(name!);
  const ports = [...Object.keys(sshds), 'web', 'mute', 'nothing'];
  const port = (of: string): number => PORT + ports.indexOf(of);
  const configs = Object.entries(sshds).map(([sshd, lines], i) => `${sshd} ${PORT + i} ${lines.join(';')}\n`);
  const { stdout } = await mustRun(
    host,
    [
      'sh',
      '-c',
      SETUP,
      'sh',
      authorized,
      sandboxes.address(name!),
      ...['web', 'mute'].map(of => String(port(of))),
    ],
    configs.join(''),
  );
  await host.close();
  const values = new Map([
    ...stdout.trim().split('\n').map(entry),
    ['home', home],
    ['address', sandboxes.address(name!)],
  ]);
  await writeFile(join(home, '.ssh', 'known_hosts'), knownHosts(sshds, port, values));
  return {
    home,
    port,
    fill: text =>
      text.replace(/\{(\w+)(?::(\w+))?\}/g, (_, word: string, of?: string) =>
        word === 'port' ? String(port(of!)) : values.get(of === undefined ? word : `${word}:${of}`)!,
      ),
    blank: text =>
      ['home', 'address', 'link']
        .reduce((t, word) => t.replaceAll(values.get(word)!, `{${word}}`), text)
        .replace(/(?<=:|-p )23\d\d\b/g, digits => `{port:${ports[Number(digits) - PORT]}}`)
        .replace(/SHA256:[\w+/]+/g, 'SHA256:…'),
    async [Symbol.asyncDispose]() {
      for (const agent of agents) agent.kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const WRONG = Array.from({ length: 8 }, (_, i) => `wrong${i}`);

/** Gives the lines of authorized_keys. All passphrases are `secret`. */
function makeKeys(directory: string): string {
  const keygen = (file: string, ...more: readonly string[]): void =>
    void spawnSync('ssh-keygen', ['-q', '-N', '', '-f', join(directory, file), ...more]);
  for (const file of [...WRONG, 'right', 'second', 'locked', 'certified']) keygen(file, '-t', 'ed25519');
  keygen('sealed', '-t', 'rsa', '-m', 'PEM');
  keygen('ecdsa', '-t', 'ecdsa');
  copyFileSync(join(directory, 'locked'), join(directory, 'opened'));
  const right = ['right', 'second', 'locked', 'sealed', 'ecdsa'].map(
    file => spawnSync('ssh-keygen', ['-y', '-f', join(directory, file)], { encoding: 'utf8' }).stdout,
  );
  for (const file of ['locked', 'sealed']) {
    spawnSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', join(directory, file)]);
    spawnSync('rm', [join(directory, `${file}.pub`)]);
  }
  const authority = join(directory, 'second');
  const certified = join(directory, 'certified.pub');
  spawnSync('ssh-keygen', ['-q', '-s', authority, '-I', 'it', '-n', 'root', certified]);
  return `${right.join('')}cert-authority ${right[1]}`;
}

async function startAgent(socket: string, keys: readonly string[], home: string): Promise<ChildProcess> {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await vi.waitUntil(() => existsSync(socket), { timeout: 20_000 });
  const files = keys.map(key => join(home, '.ssh', key));
  spawnSync('ssh-add', ['-q', ...files], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return agent;
}

function entry(line: string): readonly [string, string] {
  const at = line.indexOf(' ');
  return [line.slice(0, at), line.slice(at + 1)];
}

function knownHosts(
  sshds: Readonly<Record<string, readonly string[]>>,
  port: (sshd: string) => number,
  values: ReadonlyMap<string, string>,
): string {
  const hosts = [values.get('address')!, '127.0.0.1', `${values.get('link')}%topo-sandbox`];
  const line = (sshd: string): string =>
    `${hosts.map(host => `[${host}]:${port(sshd)}`).join(',')} ${values.get(sshd === 'gate' ? 'key:gate' : 'key')}\n`;
  return Object.keys(sshds).map(line).join('');
}

/**
 * $1 are the authorized keys, $2 the address, $3 and $4 the ports of what is no sshd; the input has a line for each sshd. The users' files are the sandbox's own, bound over the
 * machine's. `sandy` and those who are named for their shells use sudo, `pat` would have to give sudo a password, `docky`
 * may use the engine and is no one else.
 */
const SETUP = String.raw`set -e
  mkdir -p /run/login && cd /run/login
  printf '%s' "$1" >authorized_keys
  for key in key gate ca; do ssh-keygen -q -t ed25519 -N '' -f $key; done
  ssh-keygen -q -t rsa -b 2048 -N '' -f rsa
  cp key signed && cp key.pub signed.pub && ssh-keygen -q -s ca -I it -h -n "$2" signed.pub
  uid=4300 docker=$(getent group docker | cut -d: -f3)
  user() {
    uid=$((uid + 1))
    mkdir -p /run/login/$1
    echo "$1:x:$uid:${'$'}{3:-4300}::/run/login/$1:$2" >>/etc/passwd
    echo "$1:*:19000:0:99999:7:::" >>/etc/shadow
    chown $uid /run/login/$1
  }
  mount -n -t tmpfs -o mode=750 tmpfs /etc/sudoers.d
  for name in fish tcsh dash noisy sandy; do
    case $name in noisy) shell=bash ;; sandy) shell=sh ;; *) shell=$name ;; esac
    user $name "$(command -v $shell)"
    echo "$name ALL=(root) NOPASSWD: ALL" >>/etc/sudoers.d/all
  done
  user pat /bin/sh; echo 'pat ALL=(root) ALL' >>/etc/sudoers.d/all
  user docky /bin/sh "$docker"
  user nobody1 /usr/sbin/nologin
  printf 'echo Welcome; echo to this host >&2; sleep 1\n' >noisy/.bashrc
  grep -vE '^(ListenAddress|HostKey|AuthorizedKeysFile|PidFile|PasswordAuthentication)' /run/sshd/sshd_config >common
  echo 'AuthorizedKeysFile /run/login/authorized_keys' >>common
  while read -r name port lines; do
    { printf '%s\n' "$lines" | tr ';' '\n'; cat common; echo "PidFile /run/login/$name.pid"; } >$name.conf
    case $lines in *HostKey*) ;; *) echo 'HostKey /run/login/key' >>$name.conf ;; esac
    "$(command -v sshd)" -f $name.conf -p $port -E /run/log/$name.log >/dev/null 2>&1
  done
  busybox httpd -p $3 -h /run/login
  busybox nc -ll -p $4 -e sleep 1000 >/dev/null 2>&1 </dev/null &
  echo "link $(ip -o -6 addr show dev eth0 scope link | sed 's#.*inet6 \([^/]*\)/.*#\1#')"
  echo "key $(cut -d' ' -f1,2 key.pub)"
  for kind in gate rsa ca; do echo "key:$kind $(cut -d' ' -f1,2 $kind.pub)"; done`;
