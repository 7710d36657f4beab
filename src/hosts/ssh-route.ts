import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import type { HostForm } from '../core/index.js';
import { hostError, wordOf } from './errors.js';
import { keyPolicy, onlyAuthority, type HopFacts, type KeyPolicy } from './host-key.js';
import {
  parseSshConfig,
  sshConfigArgv,
  sshOptions,
  type Jump,
  type SshConfig,
  type SshSurroundings,
} from './ssh-config.js';
import { settled, type OpensshWay } from './openssh-argv.js';
import { bracketed, type HostOptions, type HostTarget } from './target.js';

/** One login on the way to a host; the last of a route is the host itself. */
export interface Hop {
  readonly config: SshConfig;
  readonly policy: KeyPolicy;
  /** For people. */
  readonly described: string;
}

/** More jumps than this are taken for a ring. */
const JUMPS = 8;

/**
 * All logins that lead to a host, as `~/.ssh/config` has them: each jump has an entry, keys and a host key of its own. The
 * hosts before the last of a ProxyJump are the way to that one, in place of its own, as OpenSSH has it.
 */
export async function readRoute(
  target: HostTarget,
  form: HostForm & { is: 'ssh' },
  options: HostOptions,
): Promise<readonly Hop[]> {
  const configs = await readConfigs(target.name, form, options);
  return Promise.all(
    configs.map((config, i) => {
      const last = i === configs.length - 1;
      return hopOf(target.name, config, {
        acceptNew: last && target.acceptNewHostKey,
        through: configs.slice(0, i).map(c => c.hostname),
        written: last ? form.address : config.hostname,
        jump: !last,
      });
    }),
  );
}

/** A login with its known host keys read. `written`: what a user would hand to `ssh` to get there. */
export async function hopOf(host: string, config: SshConfig, how: HopFacts): Promise<Hop> {
  const way = how.through.length === 0 ? '' : ` through ${how.through.join(' and ')}`;
  return {
    config,
    policy: await keyPolicy(host, config, how),
    described: `ssh ${config.user}@${bracketed(config.hostname)}:${config.port}${way}`,
  };
}

/** Why ssh2 can't make these logins, where OpenSSH's own client could; undefined where it can. */
export async function whySsh2Cannot(route: readonly Hop[]): Promise<string | undefined> {
  for (const { config, policy, described } of route) {
    const why =
      config.beyond ??
      (onlyAuthority(policy)
        ? 'is known by its authority (@cert-authority) alone'
        : await beyondKeys(config));
    if (why !== undefined) return `${described} ${why}`;
  }
  return undefined;
}

/** How OpenSSH's own client finds the last host of a route that was read. */
export async function opensshWay(at: Jump, route: readonly Hop[], options: HostOptions): Promise<OpensshWay> {
  const around = surroundings(options);
  const named = sshOptions(at, around, await exists(`${options.homedir}/.ssh/config`));
  const moved = around.homedir === around.passwdHome ? [] : settled(route.at(-1)!.config);
  return { options: [...named, ...moved], address: at.address };
}

/** Keys on hardware and certificates beside keys, which OpenSSH takes by itself. */
async function beyondKeys({ identityFiles }: SshConfig): Promise<string | undefined> {
  for (const file of identityFiles) {
    const certificate = `${file.replace(/\.pub$/, '')}-cert.pub`;
    if (await exists(certificate)) return `is logged in to with the certificate ${certificate}`;
    const text = await readFile(file.endsWith('.pub') ? file : `${file}.pub`, 'utf8').catch(() => '');
    if (text.startsWith('sk-')) return `is logged in to with the hardware key ${file}`;
  }
  return undefined;
}

async function readConfigs(
  name: string,
  at: Jump,
  options: HostOptions,
  jumps?: readonly Jump[],
  depth = 0,
): Promise<readonly SshConfig[]> {
  if (depth > JUMPS)
    throw hostError(
      name,
      'host.ssh-config',
      `the way to ${at.address} has more than ${JUMPS} jumps, or goes in a ring`,
      {
        hint: 'correct ProxyJump in ~/.ssh/config: `ProxyJump none` for the jump host itself',
      },
    );
  const config = await readSshConfig(name, at, options);
  const way = jumps ?? config.jumps;
  const last = way.at(-1);
  if (last === undefined) return [config];
  const before = way.length > 1 ? way.slice(0, -1) : undefined;
  return [...(await readConfigs(name, last, options, before, depth + 1)), config];
}

async function readSshConfig(name: string, at: Jump, options: HostOptions): Promise<SshConfig> {
  const around = surroundings(options);
  const [file = '', ...args] = sshConfigArgv(at, around, await exists(`${options.homedir}/.ssh/config`));
  try {
    const { stdout } = await promisify(execFile)(file, args, {
      env: { ...options.environment },
      timeout: 10_000,
    });
    return parseSshConfig(stdout, around, at.address);
  } catch (error) {
    if (wordOf(error, 'code') === 'ENOENT') return withoutOpenSsh(name, at, userInfo().username, around);
    const said = (error as { stderr?: string }).stderr?.trim() ?? '';
    throw hostError(name, 'host.ssh-config', `ssh can't read its configuration: ${said}`, {
      hint: 'correct ~/.ssh/config',
      cause: error,
    });
  }
}

function surroundings({ homedir, environment }: HostOptions): SshSurroundings {
  return { homedir, passwdHome: userInfo().homedir, environment };
}

async function withoutOpenSsh(
  name: string,
  at: Jump,
  user: string,
  around: SshSurroundings,
): Promise<SshConfig> {
  const { readSshConfigFiles } = await import('./ssh-config-file.js');
  try {
    return parseSshConfig(await readSshConfigFiles(at, user, around), around, at.address);
  } catch (error) {
    throw hostError(
      name,
      'host.ssh-config',
      `the configuration of ssh can't be used: ${(error as Error).message}`,
      {
        hint: "install OpenSSH's client (apt-get install openssh-client), or do without that line",
        cause: error,
      },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
