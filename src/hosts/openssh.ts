import type { Host } from '../core/index.js';
import { hostError } from './errors.js';
import { makeHost } from './host.js';
import type { OpensshLogin, OpensshWay } from './openssh-argv.js';
import { explainOpenssh, opensshLate, type Refused } from './openssh-explain.js';
import { startMaster, type Master } from './openssh-master.js';
import { opensshTransport } from './openssh-transport.js';
import { patiently } from './ssh-login.js';
import type { Hop } from './ssh-route.js';
import type { HostOptions, HostTarget } from './target.js';

/** Seconds for the connection, where the configuration says nothing. */
const CONNECT_S = 15;

/** Seconds for the login itself: programs that a configuration names (ProxyCommand) may take their time. */
const LOGIN_S = 15;

/** Seconds for all of it where somebody is asked something, or has to touch a key. */
const ASKED_S = 120;

/** A host through OpenSSH's own client, which finds it by `way`; `hop` is what topo knows of that. */
export async function openByOpenssh(
  target: HostTarget,
  way: OpensshWay,
  { config, policy, described: plain }: Hop,
  options: HostOptions,
): Promise<Host> {
  const login: OpensshLogin = {
    way,
    acceptNew: policy.acceptNew,
    asks: options.passphrase !== undefined,
    connectTimeout: config.connectTimeout ?? CONNECT_S,
  };
  const described = plain.replace(/^ssh /, 'ssh (openssh) ');
  const { user, hostname, port } = config;
  const at: Refused = { host: target.name, described, user, hostname, port, asks: login.asks };
  const master = await patiently(target.name, () => logIn(at, login, options));
  const transport = opensshTransport(target.name, described, master);
  try {
    return await makeHost(target, transport, user === 'root', options);
  } catch (error) {
    await transport.close();
    throw error;
  }
}

async function logIn(at: Refused, login: OpensshLogin, options: HostOptions): Promise<Master> {
  options.signal?.throwIfAborted();
  const master = await started(at, login, options);
  const seconds = login.asks ? ASKED_S : login.connectTimeout + LOGIN_S;
  try {
    if (await inTime(master.ready, seconds * 1000, options.signal)) return master;
    throw explainOpenssh(at, master.said());
  } catch (error) {
    await master.close();
    throw error === LATE ? opensshLate(at, master.said()) : error;
  }
}

async function started(at: Refused, login: OpensshLogin, { environment }: HostOptions): Promise<Master> {
  try {
    return await startMaster(login, { ...environment });
  } catch (cause) {
    throw hostError(at.host, 'host.openssh', "this machine can't run OpenSSH's client as topo needs it", {
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
