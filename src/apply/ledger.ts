import { GONE, needsOf, type Action, type ActionOutcome, type Report } from '../core/index.js';

/** What became of the actions so far. */
export interface Ledger {
  /** The skip that an action has coming, because something below it was not done, or a program that it needs is gone; undefined where nothing stands in its way. */
  skipOf(action: Action): ActionOutcome | undefined;
  settle(action: Action, outcome: ActionOutcome): void;
  outcomeOf(action: Action): ActionOutcome | undefined;
  /** `interrupted` where something was left out because of the user, not of a failure. */
  report(): Report;
}

export function newLedger(): Ledger {
  const outcomes = new Map<number, ActionOutcome>();
  /** Who found a program of a host gone. */
  const gone = new Map<string, number>();
  return {
    skipOf(action) {
      const below = action.after.flatMap(id => rootOf(id, outcomes.get(id)));
      return skipBecauseOf([...below, ...programsOf(action).flatMap(key => gone.get(key) ?? [])]);
    },
    settle(action, outcome) {
      outcomes.set(action.id, outcome);
      if (outcome.is !== 'failed' || outcome.failure.exit !== GONE) return;
      for (const key of programsOf(action)) if (!gone.has(key)) gone.set(key, action.id);
    },
    outcomeOf: action => outcomes.get(action.id),
    report() {
      const sorted = new Map([...outcomes].sort(([a], [b]) => a - b));
      const interrupted = [...sorted.values()].some(o => o.is === 'skipped' && o.because === undefined);
      const count = (is: ActionOutcome['is']): number => [...sorted.values()].filter(o => o.is === is).length;
      return {
        outcomes: sorted,
        done: count('done'),
        failed: count('failed'),
        skipped: count('skipped'),
        interrupted,
      };
    },
  };
}

function programsOf({ host, steps }: Action): readonly string[] {
  return needsOf(steps).map(program => `${host} ${program}`);
}

/** The action that failed at the root of it; Infinity where an interruption is. Empty where all is well. */
function rootOf(id: number, outcome: ActionOutcome | undefined): readonly number[] {
  if (outcome?.is === 'failed') return [id];
  return outcome?.is === 'skipped' ? [outcome.because ?? Infinity] : [];
}

function skipBecauseOf(roots: readonly number[]): ActionOutcome | undefined {
  if (roots.length === 0) return undefined;
  const because = roots.reduce((a, b) => Math.min(a, b));
  return because === Infinity ? { is: 'skipped' } : { is: 'skipped', because };
}
