import { type Action, type ActionOutcome, type Failure, type Report } from '../core/index.js';
import { failureOfThrown } from './failure.js';
import { type ApplyInput, TIMEOUTS } from './input.js';
import { type Ledger, newLedger } from './ledger.js';
import { runAlone } from './run-alone.js';
import { type Failures, runScript } from './run-script.js';
import { schedule } from './schedule.js';
import { type Unit, unitsOf, waits } from './units.js';

export type { ApplyInput } from './input.js';
export { recordAfter } from './record.js';

/**
 * A plan and hosts in; what became of every action out, told by events on the way. Decides nothing: hosts and independent
 * actions go in parallel, a failed action leaves what depends on it skipped and nothing else, and nothing is tried twice:
 * a step whose answer was lost with the connection fails as `lost`, and what came of it is seen when the hosts are read again.
 */
export async function apply(input: ApplyInput): Promise<Report> {
  const ledger = newLedger();
  const units = unitsOf(input.plan.actions);
  await schedule(units, unit => runUnit(input, ledger, unit));
  return ledger.report();
}

async function runUnit(input: ApplyInput, ledger: Ledger, unit: Unit): Promise<void> {
  const started = input.now();
  const settle = (action: Action, outcome: ActionOutcome): void => {
    ledger.settle(action, outcome);
    input.emit({ type: 'ended', action, outcome, ms: input.now() - started });
  };
  const ready = unit.actions.filter(action => {
    const skip = ledger.skipOf(action) ?? (input.signal?.aborted ? ({ is: 'skipped' } as const) : undefined);
    if (skip) settle(action, skip);
    return skip === undefined;
  });
  if (ready.length === 0) return;
  for (const action of ready) input.emit({ type: 'started', action });
  const failures = await failuresOf(input, unit, ready);
  for (const action of ready) {
    const failure = failures.get(action.id);
    settle(action, ledger.skipOf(action) ?? outcomeOf(input, action, failure));
  }
}

/** What only waited was left off by an interruption, and has not failed. */
function outcomeOf(input: ApplyInput, action: Action, failure: Failure | undefined): ActionOutcome {
  if (!failure) return { is: 'done' };
  if (input.signal?.aborted && action.steps.every(waits)) return { is: 'skipped' };
  return { is: 'failed', failure: explained(input, failure) };
}

/** Whatever throws below (a lost connection, a host that can't be reached) is the failure of all that was to run there. */
async function failuresOf(input: ApplyInput, unit: Unit, ready: readonly Action[]): Promise<Failures> {
  try {
    const host = await input.host(unit.host);
    if (unit.batch) return await runScript(input, host, ready, TIMEOUTS.batch);
    const failure = await runAlone(input, host, ready[0]!);
    return new Map(failure ? [[ready[0]!.id, failure]] : []);
  } catch (error) {
    return new Map(ready.map(action => [action.id, failureOfThrown(action, action.steps[0], error)]));
  }
}

function explained(input: ApplyInput, failure: Failure): Failure {
  const hint = input.explain?.(failure) ?? failure.hint;
  return hint === undefined ? failure : { ...failure, hint };
}
