import type { ActionOutcome, Plan, Report } from '../core/index.js';

/** A plan that was carried out, and what became of it. */
export interface Wave {
  readonly plan: Plan;
  readonly report: Report;
}

/** The same plan with its numbers after those of another, so that both can be told as one. */
export function numberedAfter(plan: Plan, before: Plan): Plan {
  const actions = Math.max(0, ...before.actions.map(a => a.id));
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

/**
 * A wave that was cut off, and the one that was decided on after it. Of the first, what was not done gives way to what the next one has
 * to do about the same resource; where it has nothing to do, the reading showed that it is done.
 */
export function superseded(first: Wave, next: Wave): Wave {
  const again = new Set(next.plan.actions.map(a => a.resource));
  const isDone = (id: number): boolean => first.report.outcomes.get(id)?.is === 'done';
  const kept = first.plan.actions.filter(a => isDone(a.id) || !again.has(a.resource));
  const outcomes = new Map<number, ActionOutcome>(kept.map(a => [a.id, { is: 'done' }]));
  const report = { ...first.report, outcomes, done: kept.length, failed: 0, skipped: 0 };
  return joined({ plan: { ...first.plan, actions: kept }, report }, next, []);
}
