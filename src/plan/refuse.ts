import {
  ADOPT_HINT,
  type Diagnostic,
  kindOf,
  type Observation,
  type Resource,
  sortDiagnostics,
} from '../core/index.js';
import type { PlanInput } from './input.js';

/** What forbids to plan at all: a name that something foreign holds, a part of a host that could not be read. Sorted. */
export function refusals(input: PlanInput): readonly Diagnostic[] {
  const resources = new Map(input.resources.map(r => [r.id, r]));
  const found = [...input.observed.observations].flatMap(([id, seen]) =>
    refusal(input, seen, resources.get(id)),
  );
  // What is unknown for the same reason is told once.
  const told = new Map(found.map(d => [JSON.stringify(d), d]));
  return sortDiagnostics([...told.values()]);
}

function refusal(input: PlanInput, seen: Observation, resource: Resource | undefined): readonly Diagnostic[] {
  if (seen.is === 'unknown') return [{ ...seen.why, severity: 'error' }];
  if (seen.is !== 'foreign' || !resource) return [];
  const { host, name } = resource;
  const noun = kindOf(input.registry, resource.kind).noun;
  return [
    {
      severity: 'error',
      code: 'taken',
      summary: `${noun} ${name} can't be made: ${seen.holder} is in its place`,
      hint: `${seen.adoptable ? ADOPT_HINT : ''}remove or rename it on ${host}, or choose another name for ours; topo changes nothing that does not bear its mark`,
      host,
    },
  ];
}
