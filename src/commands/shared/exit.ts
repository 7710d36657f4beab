import type { Applied, Planned } from '../../app/index.js';
import { EXIT, hasErrors, type Report } from '../../core/index.js';

/** What a plan ends the process with: 2 where there are changes and `detailed` asks for it. */
export function exitOfPlanned(planned: Planned, detailed: boolean): number {
  if (planned.plan === undefined || hasErrors(planned.diagnostics)) return planned.exit;
  return detailed && planned.plan.actions.length > 0 ? EXIT.changes : EXIT.done;
}

/** What `up` and `down` end with: 130 declined or interrupted, 4 where only a part was done, hosts were left out, or more is left to do. */
export function exitOfApplied(applied: Applied): number {
  const { planned, report, remaining, proofs } = applied;
  if (planned.plan === undefined) return planned.exit;
  if (applied.declined || report?.interrupted) return EXIT.interrupted;
  if (report && report.failed > 0) return report.done > 0 || lostSome(report) ? EXIT.partial : EXIT.failed;
  const left = remaining !== undefined && (remaining.plan === undefined || remaining.plan.actions.length > 0);
  return left || planned.skipped || proofs.some(proof => !proof.ok && !proof.untried)
    ? EXIT.partial
    : EXIT.done;
}

/** Whether the connection broke under a step, which may have been done or not. */
function lostSome({ outcomes }: Report): boolean {
  return [...outcomes.values()].some(o => o.is === 'failed' && o.failure.lost);
}
