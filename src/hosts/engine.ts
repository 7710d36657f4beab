import type { Agent, IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { TopoError, type CallOptions, type EngineCall, type EngineResponse } from '../core/index.js';
import { dialStdio, explainDial } from './dial.js';
import { ENGINE_SOCKET } from './endpoint.js';
import { hostError } from './errors.js';
import { bodyOf, send, upgrade, type Outgoing } from './http.js';
import type { EngineSetting } from './engine-setting.js';
import { anySignal, closedWithin } from './signal.js';
import { DialAgent, isDialError } from './tunnel.js';

const TIMEOUT_MS = 120_000;

/** Milliseconds within which a connection that breaks takes all that is on it along: channels fall first. */
const FALL_MS = 500;

/** The Engine API of a host. */
export interface Engine {
  call(call: EngineCall, options?: CallOptions): Promise<EngineResponse>;
  stream(
    call: EngineCall,
    options?: CallOptions & { body?: Readable },
  ): Promise<{ status: number; body: IncomingMessage }>;
  upgrade(call: EngineCall, options?: CallOptions): Promise<Duplex>;
}

/** Two ways in: `calls` are few sockets that are kept, `streams` one socket each, so that followers block no call. */
interface Door {
  readonly calls: Agent;
  readonly streams: Agent;
}

/** Opens the Engine API over a transport: straight to the socket, else through `docker system dial-stdio` on the host. */
export function makeEngine(setting: EngineSetting): Engine {
  const socket = setting.target.dockerSocket ?? ENGINE_SOCKET;
  let current = door(() => setting.transport.dial(socket), 8);
  let detour: Promise<Door> | undefined;
  const around = (error: unknown): Promise<Door> =>
    (detour ??= takeDetour(setting, socket, error).finally(() => (detour = undefined)));
  const attempt = async <T>(
    way: keyof Door,
    outgoing: Omit<Outgoing, 'agent'>,
    go: (o: Outgoing) => Promise<T>,
  ): Promise<T> => {
    outgoing.signal.throwIfAborted();
    setting.count();
    try {
      return await go({ ...outgoing, agent: current[way] });
    } catch (error) {
      if ((error as { reused?: boolean }).reused === true) return go({ ...outgoing, agent: current[way] }); // It was idle: nothing was read from it.
      if (!isDialError(error)) throw error;
      current = await around(error);
      return go({ ...outgoing, agent: current[way] });
    }
  };
  return {
    call: (call, options) =>
      within(setting, call, options, async signal => {
        const answer = await attempt('calls', { call, signal }, send);
        return { status: answer.statusCode ?? 0, body: await bodyOf(answer) };
      }),
    stream: (call, options) =>
      explained(setting, call, anySignal(setting.transport.closed, options?.signal), async signal => {
        const body = options?.body === undefined ? {} : { body: options.body };
        const answer = await attempt('streams', { call, signal, ...body }, send);
        return { status: answer.statusCode ?? 0, body: answer };
      }),
    upgrade: (call, options) =>
      explained(setting, call, anySignal(setting.transport.closed, options?.signal), async signal => {
        const answer = await attempt('streams', { call, signal }, upgrade);
        if ('stream' in answer) return answer.stream;
        throw refused(setting, call, answer.refused.statusCode ?? 0, await bodyOf(answer.refused));
      }),
  };
}

function door(dial: () => Duplex, sockets: number): Door {
  return {
    calls: new DialAgent(dial, { keepAlive: true, maxSockets: sockets }),
    streams: new DialAgent(dial, { keepAlive: false, maxSockets: Infinity }),
  };
}

/** The socket could not be opened: says why, or goes through the docker command line where that helps. */
async function takeDetour(setting: EngineSetting, socket: string, error: unknown): Promise<Door> {
  const argv = await explainDial(setting, socket, error);
  // Each of its channels starts a program on the host and is a session: two are enough.
  return door(() => dialStdio(setting, argv), 2);
}

/** A call with a limit in time, the host's default where the caller has none. */
async function within<T>(
  setting: EngineSetting,
  call: EngineCall,
  options: CallOptions | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ms = options?.timeoutMs ?? TIMEOUT_MS;
  const late = new AbortController();
  const error = hostError(
    setting.target.name,
    'engine.timeout',
    `${title(setting, call)} was not answered in ${ms / 1000} s`,
    { retryable: true },
  );
  const timer = setTimeout(() => late.abort(error), ms);
  try {
    const signals = [setting.transport.closed, late.signal, ...(options?.signal ? [options.signal] : [])];
    return await explained(setting, call, AbortSignal.any(signals), run);
  } finally {
    clearTimeout(timer);
  }
}

/** Gives what went wrong as the host's failure: the connection's, where that broke a moment before or after, else the engine's. */
async function explained<T>(
  setting: EngineSetting,
  call: EngineCall,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await run(signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof TopoError) throw error;
    await closedWithin(setting.transport.closed, FALL_MS);
    if (setting.transport.closed.aborted) throw setting.transport.closed.reason;
    if (setting.transport.engineOnly) throw setting.transport.engineOnly(error);
    const message = `${title(setting, call)} failed: ${error instanceof Error ? error.message : String(error)}`;
    const hint = 'look whether the engine runs: journalctl -u docker';
    throw hostError(setting.target.name, 'engine.lost', message, { hint, cause: error, retryable: true });
  }
}

function refused(setting: EngineSetting, call: EngineCall, status: number, body: unknown): Error {
  const said = (body as { message?: unknown } | null)?.message ?? body;
  return hostError(
    setting.target.name,
    'engine.refused',
    `${title(setting, call)} was refused with ${status}: ${String(said).trim()}`,
  );
}

function title({ transport }: EngineSetting, call: EngineCall): string {
  return `${call.method} ${call.path.split('?')[0]} of the engine on ${transport.described}`;
}
