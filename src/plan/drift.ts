import { type Plan, type Resource, titleOf } from '../core/index.js';
import { recordedOf } from './decide.js';
import type { PlanInput } from './input.js';
import { pick } from './number.js';

/**
 * What of a plan is the live state's doing: live against what was last applied, the file's own changes left out. Only digests
 * of what was applied are kept, so a thing that is there and that the file wants otherwise by now can't be compared; the notes
 * name those. `input` is what the plan was made of.
 */
export function driftOf(input: PlanInput, made: Plan): Plan {
  const drifted = new Set(made.actions.filter(action => action.drift));
  const moved = new Set([...drifted].map(action => action.resource));
  const recorded = recordedOf(input);
  const isPresent = ({ id }: Resource): boolean => input.observed.observations.get(id)?.is === 'present';
  const same = input.resources.filter(r => recorded(r) === 'same');
  const changed = input.resources.filter(r => recorded(r) === 'other' && isPresent(r));
  const fromFile = made.actions.length - drifted.size;
  return {
    ...made,
    ...pick(made.actions, drifted),
    compares: 'last-applied',
    unchanged: same.filter(r => !moved.has(r.id)).length,
    notes: [...notCompared(input, changed), ...leftOut(fromFile)],
  };
}

function notCompared(input: PlanInput, changed: readonly Resource[]): readonly string[] {
  if (changed.length === 0) return [];
  const titles = changed.map(r => `${titleOf(input.registry, r)} on ${r.host}`).sort();
  return [`not compared, because the file has changed since: ${titles.join(', ')}`];
}

function leftOut(changes: number): readonly string[] {
  if (changes === 0) return [];
  const what = changes === 1 ? '1 change' : `${changes} changes`;
  return [`${what} that ${changes === 1 ? 'is' : 'are'} no drift, left out: \`topo plan\` shows all`];
}
