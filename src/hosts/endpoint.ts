import { describeLogin, parseLogin, type Login } from '../core/index.js';

/** Where an engine listens, as Docker writes it down. */
export type Endpoint =
  | { readonly is: 'unix'; readonly socket: string }
  /** `socket`: the engine's on that host, where it is not the usual one. */
  | { readonly is: 'ssh'; readonly login: Login; readonly socket?: string }
  | TcpEndpoint;

export interface TcpEndpoint {
  readonly is: 'tcp';
  readonly address: string;
  readonly port: number;
  readonly tls?: Tls;
}

/** PEM texts, those that are there. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Whether the engine's certificate is checked. */
  readonly verify: boolean;
}

/** The engine's socket where nothing else is said. */
export const ENGINE_SOCKET = '/var/run/docker.sock';

/** The ports that Docker takes where none is given. */
const PORT = 2375;
const TLS_PORT = 2376;

/**
 * Reads an engine's address: `unix://…`, `ssh://[user@]host[:port][/socket]`, `[tcp://]host[:port]`. Where it is none that topo can use a
 * text comes back: what is wrong with it. `tls`: how an engine on TCP is spoken to, where not in clear.
 */
export function parseEndpoint(text: string, tls?: Tls): Endpoint | string {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/.exec(text) ?? [];
  switch (scheme) {
    case 'unix':
      return { is: 'unix', socket: rest === '' ? ENGINE_SOCKET : `/${rest.replace(/^\/+/, '')}` };
    case 'ssh':
      return sshEndpoint(rest) ?? 'an ssh address is ssh://[user@]host[:port][/socket]';
    case 'tcp':
      return tcpEndpoint(rest, tls) ?? 'an address on TCP is tcp://host[:port]';
    case 'npipe':
      return "topo can't speak to a named pipe of Windows";
    case 'fd':
      return 'fd:// is how an engine gets its socket from systemd, and leads nowhere';
    default:
      return 'topo knows unix://, ssh:// and tcp://';
  }
}

/** An endpoint for people. */
export function describeTcp({ address, port, tls }: TcpEndpoint): string {
  return `tcp://${describeLogin({ address, port })}${tls ? ' with TLS' : ''}`;
}

function sshEndpoint(rest: string): Endpoint | undefined {
  const [, place = '', socket = ''] = /^([^/]*)(\/.*)?$/.exec(rest) ?? [];
  const login = parseLogin(place);
  return login && { is: 'ssh', login, ...(socket.length > 1 && { socket }) };
}

function tcpEndpoint(rest: string, tls: Tls | undefined): Endpoint | undefined {
  const login = parseLogin(rest);
  if (!login || login.user !== undefined) return undefined;
  const { address, port = tls ? TLS_PORT : PORT } = login;
  return { is: 'tcp', address, port, ...(tls && { tls }) };
}
