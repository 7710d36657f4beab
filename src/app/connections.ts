import { OPERATOR, TopoError, messageOf } from '../core/index.js';
import type { Diagnostic, Host, HostName } from '../core/index.js';
import { openHost } from '../hosts/index.js';
import type { HostTarget } from '../hosts/index.js';
import type { Context } from './types.js';

/** This machine as a place for sandboxes. */
export const operatorTarget: HostTarget = { name: OPERATOR, form: { is: 'local' }, acceptNewHostKey: false };

/** The hosts of a run, each opened at most once and when it is first asked for. */
export interface Connections {
  host(name: HostName): Promise<Host>;
  trips(): Readonly<Record<HostName, { exec: number; engine: number }>>;
  close(): Promise<void>;
}

/** Connections to the given hosts and to this machine; nothing is opened yet. */
export function connections(targets: readonly HostTarget[], context: Context): Connections {
  const byName = new Map([operatorTarget, ...targets].map(t => [t.name, t]));
  const opening = new Map<HostName, Promise<Host>>();
  const opened: Host[] = [];
  const open = async (target: HostTarget): Promise<Host> => {
    context.emit({ type: 'host', host: target.name, text: 'connecting' });
    const host = await openHost(target, { environment: context.environment, homedir: context.homedir });
    opened.push(host);
    return host;
  };
  return {
    async host(name) {
      const target = byName.get(name);
      if (!target) throw new TopoError(`no host ${name} is known`, { code: 'bug.host', who: 'topo' });
      const promise = opening.get(name) ?? open(target);
      opening.set(name, promise);
      promise.catch(() => opening.delete(name)); // a sandbox that did not answer may be there the next time
      return promise;
    },
    trips: () =>
      Object.fromEntries(opened.map(h => [h.name, { exec: h.trips.exec, engine: h.trips.engine }])),
    async close() {
      await Promise.all(opened.map(h => h.close()));
    },
  };
}

/** Runs something that a host may refuse: the world's failures come back as diagnostics, bugs are thrown. */
export async function attempt<T>(
  host: HostName,
  run: () => Promise<T>,
): Promise<{ value: T } | { failed: Diagnostic }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (!(error instanceof TopoError) || error.who === 'topo') throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { failed: { severity: 'error', code: error.code, host, summary: messageOf(error), ...hint } };
  }
}
