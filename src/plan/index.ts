import { type Diagnostic, digest, hasErrors, type Plan, type ResourceId } from '../core/index.js';
import { arrange } from './arrange.js';
import { decide } from './decide.js';
import type { PlanInput } from './input.js';
import { kindOrder } from './kind-order.js';
import { numberActions } from './number.js';
import { putOff } from './put-off.js';
import { refusals } from './refuse.js';
import { lasting, withoutIdle } from './runs.js';
import { decideStrays } from './strays.js';
import { orderWanted } from './wanted.js';

export { driftOf } from './drift.js';
export { focus } from './focus.js';
export type { Selector } from './focus.js';
export { digestOfSaved, movedBetween, saveActions } from './saved.js';
export type { SavedAction } from './saved.js';
export type { PlanInput, PlanOptions } from './input.js';

/**
 * Wanted resources and what is really there in; what is to be done, why, and in which order out, or the reasons why nothing
 * may be done. With no resources it is the plan for taking all down. Pure: the same input, in whatever order, gives the same plan. Must not know any kind, nor how things are done.
 */
export function plan(input: PlanInput): {
  readonly plan?: Plan;
  /** Wanted resources that can only be decided on once this plan is carried out and the hosts are read again; and in words. */
  readonly later: ReadonlySet<ResourceId>;
  readonly follows: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics = refusals(input);
  if (hasErrors(diagnostics)) return { diagnostics, later: new Set(), follows: [] };
  const kinds = kindOrder(input.registry);
  const wanted = orderWanted(input, kinds);
  const all = withoutIdle(input.registry, wanted, decide(input, wanted));
  const replaced = new Set(all.filter(d => d.change.verb === 'replace').map(d => d.resource.id));
  const { notes, ...strays } = decideStrays(input, replaced);
  const { decisions, deletes, later, follows } = putOff(input.registry, wanted, all, strays.deletes);
  const { drafts, edges } = arrange(input, wanted, decisions, deletes, kinds);
  const actions = numberActions(drafts, edges);
  const unchanged = lasting(input.registry, wanted) - lasting(input.registry, decisions) - later.size;
  return {
    plan: { format: 1, topology: input.topology, digest: digest(actions), actions, unchanged, notes },
    later,
    follows,
    diagnostics,
  };
}
