import { connect, type Socket } from 'node:net';
import type { Host } from '../core/index.js';
import { describeTcp, type TcpEndpoint } from './endpoint.js';
import { hostError, lost } from './errors.js';
import { makeHost } from './host.js';
import type { HostOptions, HostTarget } from './target.js';
import { explainTcp, openSocket } from './tcp.js';
import type { Transport } from './transport.js';
import { tunnel } from './tunnel.js';

/** A host of which only the engine is reached, on TCP. Asks the engine once whether it is there. */
export async function openTcp(
  target: HostTarget,
  endpoint: TcpEndpoint,
  options: HostOptions,
): Promise<Host> {
  const { name, dockerSocket } = target;
  const described = describeTcp(endpoint);
  if (dockerSocket !== undefined)
    throw hostError(
      name,
      'context.endpoint',
      `${described} is the engine already, and docker_socket is ${dockerSocket}`,
      {
        hint: 'leave docker_socket out',
      },
    );
  const transport = engineTransport(name, described, {
    open: opened => openSocket(endpoint, opened),
    explain: cause => explainTcp(name, endpoint, cause),
  });
  return greeted(await makeHost(bare(target), transport, true, options));
}

/** The engine of this machine, where topo can't do a host's work here: not Linux. */
export function openLocalEngine(target: HostTarget, socket: string, options: HostOptions): Promise<Host> {
  const transport = engineTransport(target.name, 'local', {
    open(opened) {
      const made = connect(socket);
      made.once('error', opened).once('connect', () => opened(undefined, made.off('error', opened)));
      return made;
    },
    explain: cause =>
      hostError(target.name, 'engine.missing', `no engine answers at ${socket}: ${String(cause)}`, {
        hint: 'start the engine here (Docker Desktop, colima …), or set docker_socket',
        cause,
      }),
  });
  return makeHost(bare(target), transport, true, options).then(greeted);
}

interface Way {
  readonly open: (opened: (error: unknown, socket?: Socket) => void) => Socket;
  readonly explain: (cause: unknown) => Error;
}

function engineTransport(name: string, described: string, { open, explain }: Way): Transport {
  const closed = new AbortController();
  const sockets = new Set<Socket>();
  return {
    described,
    engineOnly: explain,
    spawn: async ([program]) => {
      throw hostError(
        name,
        'host.engine-only',
        `${program} can't be run there: of ${described} only the engine is reached`,
        {
          hint: 'give the host as `ssh:`, or a context that leads to ssh://',
        },
      );
    },
    dial: () =>
      tunnel(opened => {
        const socket = open(opened);
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      }),
    closed: closed.signal,
    async close() {
      closed.abort(lost(name, described, 'it was closed'));
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Without what asks for commands. */
function bare({ name, form, acceptNewHostKey }: HostTarget): HostTarget {
  return { name, form, acceptNewHostKey };
}

/** An engine that is not there is a host that is not there: nothing else would tell. */
async function greeted(host: Host): Promise<Host> {
  try {
    const { status, body } = await host.engine({ via: 'docker', method: 'GET', path: '/_ping' });
    if (status === 200) return host;
    throw hostError(
      host.name,
      'engine.unreachable',
      `${host.described} answers with ${status}: ${String(body).trim()}`,
      {
        hint: 'look what listens there; an engine that wants TLS needs ca.pem, cert.pem and key.pem',
      },
    );
  } catch (error) {
    await host.close();
    throw error;
  }
}
