import type { Plan, Report } from '../core/index.js';

/** A plan that was carried out, and what became of it. */
export interface Wave {
  readonly plan: Plan;
  readonly report: Report;
}

/** The same plan with its numbers after those of another, so that both can be told as one. */
export function numberedAfter(plan: Plan, before: Plan): Plan {
  const actions = before.actions.length;
  const batches = Math.max(0, ...before.actions.map(a => a.batch ?? 0));
  return {
    ...plan,
    actions: plan.actions.map(action => ({
      ...action,
      id: action.id + actions,
      after: action.after.map(id => id + actions),
      ...(action.batch === undefined ? {} : { batch: action.batch + batches }),
    })),
  };
}

/** Two waves as one. What the first one's plan promised for later (`told`) has come. */
export function joined(first: Wave, next: Wave, told: readonly string[]): Wave {
  const [a, b] = [first.report, next.report];
  return {
    plan: {
      ...first.plan,
      actions: [...first.plan.actions, ...next.plan.actions],
      notes: first.plan.notes.filter(note => !told.includes(note)),
    },
    report: {
      outcomes: new Map([...a.outcomes, ...b.outcomes]),
      done: a.done + b.done,
      failed: a.failed + b.failed,
      skipped: a.skipped + b.skipped,
      interrupted: a.interrupted || b.interrupted,
    },
  };
}
