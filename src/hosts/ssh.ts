import type { Host, HostForm } from '../core/index.js';
import { hostError } from './errors.js';
import { makeHost } from './host.js';
import type { SshConfig } from './ssh-config.js';
import { logIn } from './ssh-login.js';
import { hopOf, readRoute, whySsh2Cannot, type Hop } from './ssh-route.js';
import { sshTransport } from './ssh-transport.js';
import type { HostOptions, HostTarget } from './target.js';

/** A host by ssh, as `~/.ssh/config` has it. */
export async function openSsh(
  target: HostTarget,
  form: HostForm & { is: 'ssh' },
  options: HostOptions,
): Promise<Host> {
  const route = await readRoute(target, form, options);
  const why = await whySsh2Cannot(route);
  if (why !== undefined)
    throw hostError(target.name, 'not-yet', `${why}, and topo can't do that yet`, {
      hint: 'give it a way in by a plain key, and a host key that known_hosts has',
    });
  return openRoute(target, route, options);
}

/** A host by ssh, everything about it being decided. */
export async function openConfigured(
  target: HostTarget,
  config: SshConfig,
  options: HostOptions,
): Promise<Host> {
  const how = { acceptNew: target.acceptNewHostKey, through: [], written: undefined };
  return openRoute(target, [await hopOf(target.name, config, how)], options);
}

async function openRoute(target: HostTarget, route: readonly Hop[], options: HostOptions): Promise<Host> {
  const lib = (await import('ssh2')).default;
  const { described, config } = route.at(-1)!;
  const transport = sshTransport(target.name, described, await logIn(lib, route, options));
  try {
    return await makeHost(target, transport, config.user === 'root', options);
  } catch (error) {
    await transport.close();
    throw error;
  }
}
