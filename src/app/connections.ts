import { setTimeout as sleep } from 'node:timers/promises';
import { OPERATOR, TopoError, messageOf } from '../core/index.js';
import type { Diagnostic, Host, HostName } from '../core/index.js';
import { endLeftovers, openHost, reopen } from '../hosts/index.js';
import type { HostTarget } from '../hosts/index.js';
import type { Scene } from './scene.js';
import type { Context } from './types.js';
import { unreachable } from './unreachable.js';

/** This machine as a place for sandboxes, whatever engine the environment and the Docker context in use name. */
const operatorTarget: HostTarget = {
  name: OPERATOR,
  form: { is: 'local' },
  dockerSocket: '/var/run/docker.sock',
  acceptNewHostKey: false,
};

/** The hosts of a run, each opened when it is first asked for, and again when its connection was lost. */
export interface Connections {
  /**
   * The connection to a host. One that was lost is brought back first, which may take its time; where that failed once, it is
   * not tried again in this run.
   */
  host(name: HostName): Promise<Host>;
  /** From now on, what is to be done on a connection that takes the place of a lost one, before anybody else uses it. */
  onReturn(prepare: (host: Host) => Promise<void>): void;
  /** Ends the connection to a host that is about to be made again: it is opened anew when it is next asked for. */
  leave(name: HostName): Promise<void>;
  trips(): Readonly<Record<HostName, { exec: number; engine: number }>>;
  close(): Promise<void>;
}

/** Connections to the given hosts and to this machine; nothing is opened yet. */
export function connections(targets: readonly HostTarget[], context: Context): Connections {
  const byName = new Map([operatorTarget, ...targets].map(t => [t.name, t]));
  const current = new Map<HostName, Promise<Host>>();
  const doors = doorsOf(context);
  let over = false;
  const host = async (name: HostName): Promise<Host> => {
    const target = byName.get(name);
    if (!target) throw new TopoError(`no host ${name} is known`, { code: 'bug.host', who: 'topo' });
    const known = current.get(name);
    if (known === undefined) {
      const first = doors.open(target);
      current.set(name, first);
      first.catch(() => current.delete(name)); // a sandbox that did not answer may be there the next time
      return first;
    }
    const found = await known;
    if (!found.closed.aborted || over) return found;
    // Whoever sees first that it is lost brings it back, for all.
    if (current.get(name) === known) current.set(name, doors.reopen(target, found));
    return host(name);
  };
  return {
    host,
    onReturn: doors.onReturn,
    async leave(name) {
      const left = current.get(name);
      current.delete(name);
      await (await left)?.close();
    },
    trips: () => tripsOf(doors.opened),
    async close() {
      over = true;
      await Promise.all(doors.opened.map(h => h.close()));
    },
  };
}

interface Doors extends Pick<Connections, 'onReturn'> {
  /** All connections there ever were. */
  readonly opened: readonly Host[];
  open(target: HostTarget): Promise<Host>;
  reopen(target: HostTarget, lost: Host): Promise<Host>;
}

function doorsOf(context: Context): Doors {
  const { environment, homedir, passphrase, question, emit, now, signal } = context;
  const opened: Host[] = [];
  const run = context.random(8);
  let prepare: (host: Host) => Promise<void> = () => Promise.resolve();
  const enter = async (target: HostTarget, name: string, stop?: AbortSignal): Promise<Host> => {
    const notice = (text: string): void => emit({ type: 'host', host: target.name, text });
    const options = {
      environment,
      homedir,
      notice,
      run: name,
      ...(passphrase && { passphrase }),
      ...(question && { question }),
      ...(stop && { signal: stop }),
    };
    const host = await openHost(target, options);
    opened.push(host);
    return host;
  };
  let count = 0;
  const nextName = (): string => `${run}.${++count}`;
  return {
    opened,
    onReturn: to => void (prepare = to),
    open(target) {
      emit({ type: 'host', host: target.name, text: 'connecting' });
      return enter(target, nextName());
    },
    async reopen(target, lost) {
      emit({ type: 'warning', host: target.name, text: `${messageOf(lost.closed.reason)}; trying again` });
      const again = async (stop: AbortSignal): Promise<Host> => {
        const name = nextName();
        const host = await enter(target, name, stop);
        await endLeftovers(host, name);
        await prepare(host);
        return host;
      };
      const host = await reopen(lost, again, { now, signal, sleep: ms => sleep(ms) });
      emit({ type: 'host', host: target.name, text: 'connected again' });
      return host;
    },
  };
}

/** By host, over all its connections. */
function tripsOf(opened: readonly Host[]): ReturnType<Connections['trips']> {
  const sum: Record<HostName, { exec: number; engine: number }> = {};
  for (const { name, trips } of opened) {
    const { exec, engine } = sum[name] ?? { exec: 0, engine: 0 };
    sum[name] = { exec: exec + trips.exec, engine: engine + trips.engine };
  }
  return sum;
}

/** Runs something that a host of a scene may refuse: the world's failures come back as diagnostics, bugs are thrown. */
export async function attempt<T>(
  scene: Scene,
  host: HostName,
  run: () => Promise<T>,
): Promise<{ value: T } | { failed: Diagnostic }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (!(error instanceof TopoError) || error.who === 'topo') throw error;
    return { failed: unreachable(scene, host, diagnosticOf(error, host)) };
  }
}

/** A failure of a host as a diagnostic. */
export function diagnosticOf(error: TopoError, host: HostName): Diagnostic {
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { severity: 'error', code: error.code, host, summary: messageOf(error), ...hint };
}
