import { OPERATOR, messageOf } from '../core/index.js';
import type { Action, Host, HostName, Plan, Report, Resource } from '../core/index.js';
import { apply, recordAfter } from '../apply/index.js';
import type { HostTarget } from '../hosts/index.js';
import { explainEngineError, forgetArgv, scripts } from '../tools/index.js';
import type { Connections } from './connections.js';
import { namespacePath } from './namespace.js';
import { onHost } from './on-host.js';
import { rememberPaths } from './paths.js';
import { writeRecord } from './record.js';
import type { Context } from './types.js';
import type { World } from './world.js';

/** What is to be carried out, and what is written down about it on every host (nothing when all is taken down). */
export interface Execution {
  readonly plan: Plan;
  readonly resources: readonly Resource[];
  /** What of the plan was left out, so that it is not written down as done. */
  readonly leftOut?: readonly Action[];
  readonly world: World;
  readonly links: Connections;
  readonly record?: Record;
  /** Hosts that are written down even where the plan has nothing to do on them. */
  readonly also?: readonly HostName[];
}

export interface Record {
  readonly topology: string;
  /** Of the keyed digests; the same on all hosts. */
  readonly key: string;
  readonly hosts: readonly HostTarget[];
}

/**
 * Carries a plan out. Each host learns before its first step who the topology's hosts are, so that any of them leads
 * to the rest whatever happens then, and after its last one what was applied to it.
 */
export async function execute(execution: Execution, context: Context): Promise<Report> {
  const { plan, links, record } = execution;
  await leaveRenewed(plan, links);
  const introduced = new Map<HostName, Promise<void>>();
  const host = async (name: HostName): Promise<Host> => {
    const connection = await links.host(name);
    if (record && name !== OPERATOR) {
      const promise = introduced.get(name) ?? introduce(record, connection);
      introduced.set(name, promise);
      await promise;
    }
    return connection;
  };
  const report = await apply({
    plan,
    host,
    netns: namespacePath,
    scripts,
    token: `m${context.random(8)}`,
    now: context.now,
    emit: context.emit,
    signal: context.signal,
    explain: failure => explainEngineError(failure.stderr),
  });
  if (record) {
    const names = new Set([
      ...introduced.keys(),
      ...(execution.also ?? []).filter(name => name !== OPERATOR),
    ]);
    await Promise.all([...names].map(name => remember(execution, record, report, name, context)));
    await rememberPaths(record.topology, execution.world, names, links, context);
  }
  return report;
}

/** A sandbox host that is made again answers on no old connection, and does not even refuse: nothing is done on it before that. */
async function leaveRenewed({ actions }: Plan, links: Connections): Promise<void> {
  const renewed = actions.filter(a => a.kind === 'sandbox' && a.verb !== 'delete');
  await Promise.all(renewed.map(action => links.leave(action.group.name)));
}

/** Removes a host's record of a topology, where one can be kept. */
export async function forgetOn(host: Host, topology: string): Promise<void> {
  if (!host.engineOnly) await host.exec(forgetArgv(topology));
}

async function introduce({ topology, key, hosts }: Record, host: Host): Promise<void> {
  const peers = Object.fromEntries(hosts.map(h => [h.name, h]));
  await writeRecord(host, topology, 'host.json', { format: 1, topology, key, hosts: peers });
}

async function remember(
  { plan, resources, leftOut = [], links, world }: Execution,
  { topology }: Record,
  report: Report,
  name: HostName,
  context: Context,
): Promise<void> {
  const view = world.views.get(name);
  const undone = leftOut.map(a => a.resource);
  const before = view?.inventory.applied?.specs;
  const specs = recordAfter(before, name, plan, report.outcomes, resources, undone);
  try {
    const content = { format: 1, specs, bootId: view?.facts.bootId ?? '' };
    await onHost(links, name, host => writeRecord(host, topology, 'applied.json', content));
  } catch (error) {
    context.emit({
      type: 'warning',
      host: name,
      text: `what was applied could not be written down: ${messageOf(error)}`,
    });
  }
}
