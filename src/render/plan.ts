import type { Action, Difference, Group, Plan } from '../core/index.js';
import { type Paint, padTo, painter, printable, widthOf } from './paint.js';
import { count, hostTitle, tally, VERBS } from './words.js';

export interface PlanView {
  readonly color: boolean;
  /** How many hosts the plan speaks of. */
  readonly hosts: number;
}

/** Differences that are listed beneath an action: a host in a large fabric has a route for every stack. */
const SHOWN = 12;

/** A plan for people: a tree by host, then stack or switch, one line per action, and the closing line. Ends without a newline. */
export function renderPlan(plan: Plan, view: PlanView): string {
  const paint = painter(view.color);
  const tree = groupBy(plan.actions, action => action.host).map(([host, actions]) =>
    renderHost(host, actions, paint),
  );
  const notes = plan.notes.map(note => `${paint('bold', 'Note:')} ${printable(note)}`).join('\n');
  const drift = plan.compares === 'last-applied';
  return [
    ...(drift
      ? [paint('dim', 'Compared: the live state with what was last applied, not with the file.')]
      : []),
    ...tree,
    ...(notes === '' ? [] : [notes]),
    drift ? closingOfDrift(plan, view, paint) : closing(plan, view, paint),
  ].join('\n\n');
}

function renderHost(host: string, actions: readonly Action[], paint: Paint): string {
  const groups = groupBy(actions, action => `${action.group.is} ${action.group.name}`);
  return [
    paint('bold', hostTitle(host)),
    ...groups.flatMap(([, members]) => renderGroup(members, paint)),
  ].join('\n');
}

function renderGroup(actions: readonly Action[], paint: Paint): string[] {
  const group = actions[0]!.group;
  const width = Math.min(48, Math.max(...actions.map(action => widthOf(subject(action)))));
  const indent = group.is === 'host' ? '' : '  ';
  const lines = actions.flatMap(action => renderAction(action, width, paint)).map(line => indent + line);
  return [...groupTitle(group, paint), ...lines];
}

/** What hangs on the host itself stands right beneath it. */
function groupTitle(group: Group, paint: Paint): string[] {
  return group.is === 'host' ? [] : [`  ${paint('cyan', `${group.is} ${group.name}`)}`];
}

function renderAction(action: Action, width: number, paint: Paint): string[] {
  const { sign, style } = VERBS[action.verb];
  const cause = paint(action.drift ? 'yellow' : 'dim', printable(action.cause));
  const head = `${paint(style, sign)} ${padTo(subject(action), width)}   ${cause}`;
  const differences = action.differences.filter(d => !d.adopt); // The cause tells it.
  const shown = differences.slice(0, SHOWN).map(difference => renderDifference(difference, paint));
  const left = differences.length - SHOWN;
  const more = left > 0 ? [paint('dim', `… and ${left} more (plan --json has them all)`)] : [];
  return [head, ...[...shown, ...more].map(line => `        ${line}`)];
}

function renderDifference(difference: Difference, paint: Paint): string {
  const change = `${difference.field}: ${oneLine(difference.have)} ${paint('dim', '→')} ${oneLine(difference.want)}`;
  return difference.replace ? `${change}  ${paint('red', '(forces replacement)')}` : change;
}

function oneLine(value: string): string {
  return value === '' ? '(none)' : printable(value).replaceAll('\n', '⏎');
}

function subject(action: Action): string {
  return printable(`${action.noun} ${action.name}`);
}

function closing(plan: Plan, view: PlanView, paint: Paint): string {
  const hosts = count(view.hosts, 'host');
  const left = plan.leftOut ? `; ${plan.leftOut} left out` : '';
  if (plan.actions.length === 0 && left !== '') {
    return paint('green', `No changes to what was asked for: ${plan.unchanged} unchanged${left}.`);
  }
  if (plan.actions.length === 0 && plan.unchanged === 0) {
    return paint('green', `Nothing to do: ${plan.topology} has nothing on ${hosts}.`);
  }
  if (plan.actions.length === 0) {
    const be = plan.unchanged === 1 ? 'is' : 'are';
    return paint(
      'green',
      `No changes: ${count(plan.unchanged, 'resource')} on ${hosts} ${be} as the topology says.`,
    );
  }
  const todo = tally(
    plan.actions.map(action => action.verb),
    'todo',
  );
  const rest = plan.unchanged > 0 ? `; ${plan.unchanged} unchanged` : '';
  return paint('bold', `Plan: ${todo} on ${hosts}${rest}${left}`);
}

function closingOfDrift(plan: Plan, view: PlanView, paint: Paint): string {
  const hosts = count(view.hosts, 'host');
  const same = `${count(plan.unchanged, 'resource')} on ${hosts}`;
  if (plan.actions.length === 0) return paint('green', `No drift: ${same} as last applied.`);
  const todo = tally(
    plan.actions.map(action => action.verb),
    'todo',
  );
  return paint('bold', `Drift: ${todo} again, were \`topo up\` to mend it; ${same} as last applied`);
}

/** Groups in the order in which they first appear, which is the plan's own. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups];
}
