import type { Applied } from '../../app/index.js';
import { sortDiagnostics } from '../../core/index.js';
import { exitOfApplied } from './exit.js';
import type { Session } from './session.js';

/** Prints what `up` or `down` did, and gives the exit code. `since` is when it began, milliseconds since the epoch. */
export function printApplied(session: Session, applied: Applied, since: number, json: boolean): number {
  const exit = exitOfApplied(applied);
  // What is said before and after is said once.
  session.complain(
    sortDiagnostics([...applied.planned.diagnostics, ...(applied.remaining?.diagnostics ?? [])]),
  );
  session.print(
    json ? JSON.stringify(appliedJson(session, applied, exit)) : appliedText(session, applied, since),
  );
  return exit;
}

function appliedText(session: Session, applied: Applied, since: number): string {
  const { render, out, context } = session;
  const { planned, report, remaining, proofs } = applied;
  const { plan, hosts } = planned;
  if (plan === undefined) return '';
  if (applied.declined) return 'Nothing was changed.';
  if (plan.actions.length === 0) return render.renderPlan(plan, { ...out, hosts });
  const left =
    remaining?.plan !== undefined &&
    remaining.plan.actions.length > 0 &&
    report?.failed === 0 &&
    !report.interrupted;
  const parts = [
    ...plan.notes.map(note => `Note: ${note}`),
    ...(report ? [render.renderReport(plan, report, { ...out, hosts, ms: context.now() - since })] : []),
    ...(left
      ? [
          `Still to be done, as the hosts were read again:\n${render.renderPlan(remaining.plan, { ...out, hosts })}`,
        ]
      : []),
    render.renderProofs(proofs, out),
  ];
  return parts.filter(part => part !== '').join('\n');
}

/** The last line of `--json`: numbers, and what went wrong. */
function appliedJson(session: Session, applied: Applied, exit: number): Readonly<Record<string, unknown>> {
  const { planned, report, remaining, proofs, declined } = applied;
  const outcomes = [...(report?.outcomes ?? [])].map(([id, outcome]) => ({ id, ...outcome }));
  const { done = 0, failed = 0, skipped = 0, interrupted = false } = report ?? {};
  return {
    type: 'report',
    format: 1,
    topology: planned.plan?.topology,
    exit,
    ...{ declined, interrupted, done, failed, skipped, outcomes },
    remaining: remaining?.plan && session.render.planToJson(remaining.plan, remaining.hosts),
    proofs,
    trips: (remaining ?? planned).trips,
    diagnostics: [...planned.diagnostics, ...(remaining?.diagnostics ?? [])],
  };
}
