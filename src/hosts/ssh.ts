import type { Host, HostForm } from '../core/index.js';
import { hostError } from './errors.js';
import { makeHost } from './host.js';
import type { OpensshRoute } from './openssh.js';
import { wayOf } from './openssh-argv.js';
import type { SshConfig } from './ssh-config.js';
import { logIn } from './ssh-login.js';
import { hopOf, opensshWay, readRoute, whySsh2Cannot, type Hop } from './ssh-route.js';
import { manySessions } from './ssh-sessions.js';
import { sshTransport } from './ssh-transport.js';
import type { HostOptions, HostTarget } from './target.js';
import type { Transport } from './transport.js';

/** A host by ssh, as `~/.ssh/config` has it. */
export async function openSsh(
  target: HostTarget,
  form: HostForm & { is: 'ssh' },
  options: HostOptions,
): Promise<Host> {
  const route = await readRoute(target, form, options);
  if (!(await wantsOpenssh(target, route, options))) return openRoute(target, route, options);
  return byOpenssh(target, { way: await opensshWay(form, route, options), route }, options);
}

/** A host by ssh, everything about it being decided. */
export async function openConfigured(
  target: HostTarget,
  config: SshConfig,
  options: HostOptions,
): Promise<Host> {
  const how = { acceptNew: target.acceptNewHostKey, through: [], written: undefined, jump: false };
  const hop = await hopOf(target.name, config, how);
  if (target.transport === 'openssh') return byOpenssh(target, { way: wayOf(config), route: [hop] }, options);
  return openRoute(target, [hop], options);
}

/** What ssh2 can't do goes through OpenSSH's client without being asked for, and the user is told why. */
async function wantsOpenssh(
  { name, transport }: HostTarget,
  route: readonly Hop[],
  { notice }: HostOptions,
): Promise<boolean> {
  if (transport === 'openssh') return true;
  const why = await whySsh2Cannot(route);
  if (why === undefined) return false;
  if (transport === 'ssh2')
    throw hostError(name, 'host.transport', `${why}, and ssh2 can't do that`, {
      hint: 'leave `transport: ssh2` out, or write `transport: openssh`',
    });
  notice?.(`${why}: connecting through OpenSSH's own client`);
  return true;
}

async function byOpenssh(target: HostTarget, way: OpensshRoute, options: HostOptions): Promise<Host> {
  return (await import('./openssh.js')).openByOpenssh(target, way, options);
}

async function openRoute(target: HostTarget, route: readonly Hop[], options: HostOptions): Promise<Host> {
  const lib = (await import('ssh2')).default;
  const { described, config } = route.at(-1)!;
  const login = async (surroundings: HostOptions): Promise<Transport> =>
    sshTransport(target.name, described, await logIn(lib, route, surroundings));
  const first = await login(options);
  const transport = manySessions(first, () => login({ ...options, signal: first.closed }));
  try {
    return await makeHost(target, transport, config.user === 'root', options);
  } catch (error) {
    await transport.close();
    throw error;
  }
}
