import { kindOf, topologicalOrder, TopoError } from '../core/index.js';
import type { Wanted } from './decide.js';
import type { PlanInput } from './input.js';
import { cycleBug, type KindOrder } from './kind-order.js';

/** The wanted resources in the order of their dependencies; among equals by host, kind and id, whatever order they came in. */
export function orderWanted(input: PlanInput, kinds: KindOrder): readonly Wanted[] {
  const wanted = input.resources.map(resource => ({
    resource,
    dependencies: kindOf(input.registry, resource.kind).dependsOn(resource),
  }));
  wanted.sort(
    ({ resource: a }, { resource: b }) =>
      compare(a.host, b.host) || kinds.rank(a.kind) - kinds.rank(b.kind) || compare(a.id, b.id),
  );
  const byId = new Map(wanted.map(w => [w.resource.id, w]));
  if (byId.size < wanted.length) throw doubleBug(wanted);
  const sorted = topologicalOrder(
    wanted.map(w => ({ key: w.resource.id, after: [...hostOf(input, w), ...w.dependencies.map(d => d.on)] })),
  );
  if ('cycle' in sorted) throw cycleBug('resources', sorted.cycle);
  return sorted.order.map(id => byId.get(id)!);
}

/** By code unit: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hostOf(input: PlanInput, { resource }: Wanted): readonly string[] {
  const host = input.options?.hostResource?.get(resource.host);
  return host === undefined ? [] : [host];
}

function doubleBug(wanted: readonly Wanted[]): TopoError {
  const double = wanted.find((w, i) => wanted[i + 1]?.resource.id === w.resource.id);
  return new TopoError(`two resources are called ${double?.resource.id}`, {
    code: 'bug.double',
    who: 'topo',
  });
}
