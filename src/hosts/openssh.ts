import type { Host } from '../core/index.js';
import { hostError } from './errors.js';
import { makeHost } from './host.js';
import type { OpensshLogin, OpensshWay } from './openssh-argv.js';
import { explainOpenssh } from './openssh-explain.js';
import { startMaster, type Master } from './openssh-master.js';
import { opensshTransport } from './openssh-transport.js';
import { loginsOf } from './ssh-auth.js';
import { patiently } from './ssh-login.js';
import type { Hop } from './ssh-route.js';
import { manySessions } from './ssh-sessions.js';
import type { HostOptions, HostTarget } from './target.js';
import type { Transport } from './transport.js';

/** Seconds for the connection, where the configuration says nothing. */
const CONNECT_S = 15;

/** Seconds for the login itself: programs that a configuration names (ProxyCommand) may take their time. */
const LOGIN_S = 15;

/** Seconds for all of it where somebody is asked something, or has to touch a key. */
const ASKED_S = 120;

/** How OpenSSH's client finds a host, and what topo knows of the logins on the way. */
export interface OpensshRoute {
  readonly way: OpensshWay;
  readonly route: readonly Hop[];
}

/** A host through OpenSSH's own client. */
export async function openByOpenssh(
  target: HostTarget,
  way: OpensshRoute,
  options: HostOptions,
): Promise<Host> {
  const { config, described: plain } = way.route.at(-1)!;
  const described = plain.replace(/^ssh /, 'ssh (openssh) ');
  const login = async (surroundings: HostOptions): Promise<Transport> =>
    opensshTransport(
      target.name,
      described,
      await patiently(target.name, () => logIn(target.name, way, surroundings)),
    );
  const first = await login(options);
  const transport = manySessions(first, () => login({ ...options, signal: first.closed }));
  try {
    return await makeHost(target, transport, config.user === 'root', options);
  } catch (error) {
    await transport.close();
    throw error;
  }
}

async function logIn(host: string, { way, route }: OpensshRoute, options: HostOptions): Promise<Master> {
  options.signal?.throwIfAborted();
  const { config, policy } = route.at(-1)!;
  const asks = options.passphrase !== undefined;
  const login: OpensshLogin = {
    way,
    acceptNew: policy.acceptNew,
    asks,
    connectTimeout: config.connectTimeout ?? CONNECT_S,
  };
  const master = await started(host, login, options);
  const seconds = asks ? ASKED_S : login.connectTimeout + LOGIN_S;
  try {
    if (await inTime(master.ready, seconds * 1000, options.signal)) return master;
    throw await explained(route, master, false);
  } catch (error) {
    await master.close();
    throw error === LATE ? await explained(route, master, true) : error;
  }
}

async function explained(route: readonly Hop[], master: Master, late: boolean): Promise<Error> {
  const lib = (await import('ssh2')).default;
  const logins = (hop: Hop): ReturnType<typeof loginsOf> => loginsOf(lib, hop.config, new Map());
  const [said, answered] = [master.said(), master.answered()];
  return explainOpenssh({ route, said, loginsOf: logins, answered, late });
}

async function started(host: string, login: OpensshLogin, options: HostOptions): Promise<Master> {
  try {
    return await startMaster(login, { ...options.environment }, login.asks ? options : undefined);
  } catch (cause) {
    throw hostError(host, 'host.openssh', "this machine can't run OpenSSH's client as topo needs it", {
      hint: 'leave `transport: openssh` out',
      cause,
    });
  }
}

const LATE = new Error('late');

/** Throws {@link LATE}, or the signal's reason. */
function inTime<T>(promise: Promise<T>, ms: number, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(LATE), ms);
    const stop = (): void => reject(signal!.reason as Error);
    signal?.addEventListener('abort', stop, { once: true });
    void promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
  });
}
