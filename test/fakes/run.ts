import { apply, recordAfter } from '../../src/apply/index.js';
import {
  type Action,
  type Event,
  type HostName,
  OPERATOR,
  type Plan,
  type Report,
  type Resource,
  resourceId,
} from '../../src/core/index.js';
import { observe } from '../../src/observe/index.js';
import { plan, type PlanOptions } from '../../src/plan/index.js';
import { fakeRegistry } from './kinds.js';
import type { World } from './world.js';

export const HOSTS: readonly HostName[] = ['a', 'b', 'c'];

/** Host `c` is in a cell of its own, as a sandbox is. */
export const CELLS: readonly HostName[] = ['c'];

export const HOST_RESOURCE = new Map(CELLS.map(host => [host, resourceId(OPERATOR, 'cell', host)]));

/** Observes and plans; the diagnostics as one text in place of a plan that could not be made. */
export function planFor(world: World, resources: readonly Resource[], options: PlanOptions = {}): Plan {
  const views = [OPERATOR, ...HOSTS].map(host => world.view(host));
  const observed = observe({ topology: 'fake', resources, views, registry: fakeRegistry });
  const all = { hostResource: HOST_RESOURCE, ...options };
  const planned = plan({
    topology: 'fake',
    resources,
    observed,
    views,
    registry: fakeRegistry,
    options: all,
  });
  if (planned.plan) return planned.plan;
  throw new Error(planned.diagnostics.map(d => `${d.code} ${d.summary}`).join('\n'));
}

/** Applies a plan to the world and keeps the record, as `topo up` does. */
export async function carryOut(
  world: World,
  made: Plan,
  resources: readonly Resource[],
  events: Event[] = [],
  leftOut: readonly Action[] = [],
): Promise<Report> {
  const report = await apply({
    plan: made,
    host: name => Promise.resolve(world.host(name)),
    scripts: {},
    token: 'T0ken',
    now: () => 0,
    emit: event => void events.push(event),
  });
  for (const host of [OPERATOR, ...HOSTS]) {
    world.records.set(
      host,
      recordAfter(
        world.records.get(host),
        host,
        made,
        report.outcomes,
        resources,
        leftOut.map(a => a.resource),
      ),
    );
  }
  return report;
}

/** Plans and applies. */
export async function up(
  world: World,
  resources: readonly Resource[],
  options: PlanOptions = {},
): Promise<{ plan: Plan; report: Report }> {
  const made = planFor(world, resources, options);
  return { plan: made, report: await carryOut(world, made, resources) };
}

/** One line per action: `#3 after 1,2: update a/set/s1, drifted: members`. */
export function planLines(made: Plan): readonly string[] {
  return made.actions.map(a => {
    const after = a.after.length === 0 ? '' : ` after ${a.after.join(',')}`;
    const batch = a.batch === undefined ? '' : ` [${a.batch}]`;
    return `#${a.id}${after}${batch}: ${a.verb} ${a.resource}, ${a.cause}`;
  });
}
