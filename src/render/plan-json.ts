import { type Action, describeStep, type Plan, type Step } from '../core/index.js';

/** The shape of `topo plan --json`. `format` is raised when a field changes its meaning or goes away. */
export interface PlanJson {
  readonly format: 1;
  readonly topology: string;
  readonly digest: string;
  readonly hosts: number;
  readonly unchanged: number;
  readonly actions: readonly ActionJson[];
  readonly notes: readonly string[];
  /** Only where not all was asked for. */
  readonly leftOut?: number;
  /** Only where the live state was compared with something else than the file. */
  readonly compares?: Plan['compares'];
}

export type ActionJson = Omit<Action, 'steps'> & { readonly steps: readonly StepJson[] };

/** A step without what could hold a secret: no body, no content, no stdin. */
export interface StepJson {
  readonly via: Step['via'];
  readonly label: string;
  /** The command or call on one line. */
  readonly runs: string;
}

/** A plan as a JSON value; the same for equal plans, key by key. */
export function planToJson(plan: Plan, hosts: number): PlanJson {
  const { format, topology, digest, unchanged, notes, leftOut, compares } = plan;
  return {
    ...{ format, topology, digest, hosts, unchanged },
    actions: plan.actions.map(planActionJson),
    notes,
    ...(leftOut !== undefined && { leftOut }),
    ...(compares !== undefined && { compares }),
  };
}

/** One action of {@link planToJson}. */
export function planActionJson(action: Action): ActionJson {
  const {
    id,
    resource,
    kind,
    noun,
    name,
    host,
    group,
    verb,
    cause,
    drift,
    destructive,
    differences,
    after,
    batch,
  } = action;
  const steps = action.steps.map(step => ({ via: step.via, label: step.label, runs: describeStep(step) }));
  const described = {
    id,
    resource,
    kind,
    noun,
    name,
    host,
    group,
    verb,
    cause,
    drift,
    destructive,
    differences,
    after,
  };
  return batch === undefined ? { ...described, steps } : { ...described, batch, steps };
}
