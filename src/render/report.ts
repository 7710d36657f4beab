import type { Action, ActionOutcome, Failure, Plan, Report } from '../core/index.js';
import { type Paint, painter, printable } from './paint.js';
import { actionTitle, count, duration, hostTitle, tally } from './words.js';

export interface ReportView {
  readonly color: boolean;
  readonly hosts: number;
  /** How long it took, milliseconds. */
  readonly ms: number;
}

type Of<Is extends ActionOutcome['is']> = {
  readonly action: Action;
  readonly outcome: Extract<ActionOutcome, { is: Is }>;
};

/**
 * What became of a plan: each failure with its command, exit code, last words and hint, then what was skipped because of
 * which failure, what an interruption left, and one closing line. Numbers (`#12`) are those of the plan's JSON.
 */
export function renderReport(plan: Plan, report: Report, view: ReportView): string {
  const paint = painter(view.color);
  const failed = withOutcome(plan, report, 'failed');
  const skipped = withOutcome(plan, report, 'skipped');
  const parts = [
    ...failed.map(({ action, outcome }) => renderFailure(action, outcome.failure, paint)),
    ...renderSkips(skipped, paint),
    closing(plan, report, view, paint),
  ];
  return parts.join('\n\n');
}

function withOutcome<Is extends ActionOutcome['is']>(plan: Plan, report: Report, is: Is): Of<Is>[] {
  return plan.actions.flatMap(action => {
    const outcome = report.outcomes.get(action.id);
    return outcome?.is === is ? [{ action, outcome: outcome as Of<Is>['outcome'] }] : [];
  });
}

function renderFailure(action: Action, failure: Failure, paint: Paint): string {
  const exit = failure.exit === undefined ? '' : ` (exit ${failure.exit})`;
  const said = lastLines(failure.stderr).map(line => `  ${paint('dim', '|')} ${line}`);
  // A sandbox's container may fail on another host than the one it belongs to: only then say where the command ran.
  const where = failure.host === action.host ? '' : `${hostTitle(failure.host)}: `;
  return [
    `${paint('red', `Failed: #${action.id} ${action.verb} ${actionTitle(action)}`)}`,
    `  ${where}${printable(failure.command)}${exit}`,
    ...said,
    ...(failure.hint === undefined ? [] : [`  ${paint('cyan', 'help:')} ${failure.hint}`]),
  ].join('\n');
}

/** The end of what a command said is where the reason stands. */
function lastLines(text: string): string[] {
  const lines = printable(text)
    .trim()
    .split('\n')
    .filter(line => line !== '');
  const kept = lines.slice(-10);
  return kept.length < lines.length ? [`… ${lines.length - kept.length} lines before`, ...kept] : kept;
}

function renderSkips(skipped: readonly Of<'skipped'>[], paint: Paint): string[] {
  const causes = [...new Set(skipped.map(({ outcome }) => outcome.because))];
  return causes.map(because => {
    const title =
      because === undefined ? 'Not tried, because of the interruption:' : `Skipped, because of #${because}:`;
    const members = skipped.filter(({ outcome }) => outcome.because === because);
    return [
      paint('yellow', title),
      ...members.map(({ action }) => `  #${action.id} ${action.verb} ${actionTitle(action)}`),
    ].join('\n');
  });
}

function closing(plan: Plan, report: Report, view: ReportView, paint: Paint): string {
  const verbs = withOutcome(plan, report, 'done').map(({ action }) => action.verb);
  const done = `${tally(verbs, 'done')} on ${count(view.hosts, 'host')} in ${duration(view.ms)}`;
  if (report.failed === 0 && report.skipped === 0) return paint('green', `Done: ${done}`);
  const left = `${report.failed} failed, ${report.skipped} not tried`;
  const word = report.interrupted ? 'Interrupted' : report.done === 0 ? 'Failed' : 'Partly applied';
  return `${paint('red', `${word}: ${done}; ${left}`)}\nRun the same command again to carry on from here.`;
}
