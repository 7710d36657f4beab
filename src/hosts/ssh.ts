import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import type { Host, HostForm } from '../core/index.js';
import { hostError, wordOf } from './errors.js';
import { readKnownHosts, rememberHostKey, type KeyPolicy } from './host-key.js';
import { makeHost } from './host.js';
import { loginsOf } from './ssh-auth.js';
import {
  defaultSshConfig,
  parseSshConfig,
  sshConfigArgv,
  type SshConfig,
  type SshSurroundings,
} from './ssh-config.js';
import { connect } from './ssh-connect.js';
import { sshTransport } from './ssh-transport.js';
import { describeTarget, type HostOptions, type HostTarget } from './target.js';

/** A host by ssh, as `~/.ssh/config` has it. */
export async function openSsh(
  target: HostTarget,
  form: HostForm & { is: 'ssh' },
  options: HostOptions,
): Promise<Host> {
  const config = await readSshConfig(target.name, form, options);
  if (config.proxy !== undefined)
    throw hostError(
      target.name,
      'not-yet',
      `${describeTarget(target)} is reached through '${config.proxy}', and topo can't do that yet`,
      {
        hint: 'give an address that this machine reaches itself',
      },
    );
  return openConfigured(target, config, options);
}

/** A host by ssh, everything about it being decided. */
export async function openConfigured(
  target: HostTarget,
  config: SshConfig,
  options: HostOptions,
): Promise<Host> {
  const lib = (await import('ssh2')).default;
  const policy: KeyPolicy = {
    host: target.name,
    hostname: config.hostname,
    port: config.port,
    alias: config.hostKeyAlias,
    keys: await readKnownHosts([...config.userKnownHosts, ...config.globalKnownHosts]),
    acceptNew: target.acceptNewHostKey || config.strict === 'accept-new',
  };
  const described = `ssh ${config.user}@${config.hostname}:${config.port}`;
  const { client, newKey } = await connect(lib, {
    described,
    user: config.user,
    policy,
    logins: await loginsOf(lib, config),
    ...(config.connectTimeout === undefined ? {} : { timeoutMs: config.connectTimeout * 1000 }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const transport = sshTransport(target.name, described, client);
  try {
    const [file] = config.userKnownHosts;
    if (newKey !== undefined && file !== undefined) await rememberHostKey(file, policy, newKey);
    return await makeHost(target, transport, config.user === 'root', options);
  } catch (error) {
    await transport.close();
    throw error;
  }
}

async function readSshConfig(
  name: string,
  form: HostForm & { is: 'ssh' },
  options: HostOptions,
): Promise<SshConfig> {
  const { username, homedir: passwdHome } = userInfo();
  const around: SshSurroundings = { homedir: options.homedir, passwdHome, environment: options.environment };
  const [file = '', ...args] = sshConfigArgv(form, around, await exists(`${options.homedir}/.ssh/config`));
  try {
    const { stdout } = await promisify(execFile)(file, args, {
      env: { ...options.environment },
      timeout: 10_000,
    });
    return parseSshConfig(stdout, around);
  } catch (error) {
    if (wordOf(error, 'code') === 'ENOENT') return defaultSshConfig(form, username, around);
    const said = (error as { stderr?: string }).stderr?.trim() ?? '';
    throw hostError(name, 'host.ssh-config', `ssh can't read its configuration: ${said}`, {
      hint: 'correct ~/.ssh/config',
      cause: error,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
