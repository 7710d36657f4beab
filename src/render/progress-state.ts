import type { Action, Emit, Event, HostName } from '../core/index.js';
import { printable } from './paint.js';
import { duration, hostTitle } from './words.js';

/** Shows events as they come. `end` must be awaited before anything else is printed. */
export interface Progress {
  readonly emit: Emit;
  end(): Promise<void>;
}

/** How far one host is. Times are milliseconds since the epoch. */
export interface HostProgress {
  readonly host: HostName;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** What is in flight, by action id, oldest first. */
  readonly doing: ReadonlyMap<number, string>;
  readonly since?: number;
}

/** By host, in the order of the plan. Empty until there is a plan. */
export type ProgressState = ReadonlyMap<HostName, HostProgress>;

/** The state after an event; events that concern no action leave it as it is. */
export function advance(state: ProgressState, event: Event, now: number): ProgressState {
  switch (event.type) {
    case 'plan':
      return start(event.actions);
    case 'started':
      return change(state, event.action, host => ({
        ...host,
        since: host.since ?? now,
        doing: doing(host, event.action, ''),
      }));
    case 'progress':
      return change(state, event.action, host => ({ ...host, doing: doing(host, event.action, event.text) }));
    case 'ended': {
      const { is } = event.outcome;
      return change(state, event.action, host => ({
        ...host,
        [is]: host[is] + 1,
        doing: without(host, event.action.id),
      }));
    }
    case 'phase':
    case 'host':
    case 'warning':
      return state;
  }
}

/** Whether nothing more will happen on a host. */
export function isOver(host: HostProgress): boolean {
  return host.done + host.failed + host.skipped >= host.total;
}

/** `lab1  4/12  container shop/web  3.1 s`. */
export function progressLine(host: HostProgress, width: number, now: number): string {
  const counter = `${host.done}/${host.total}`.padStart(2 * String(host.total).length + 1);
  const [current] = host.doing.values();
  const others = host.doing.size > 1 ? ` and ${host.doing.size - 1} more` : '';
  const bad = [
    ...(host.failed > 0 ? [`${host.failed} failed`] : []),
    ...(host.skipped > 0 ? [`${host.skipped} not tried`] : []),
  ].join(', ');
  const elapsed = host.since === undefined ? '' : duration(now - host.since);
  const cells = [
    hostTitle(host.host).padEnd(width),
    counter,
    bad,
    current === undefined ? '' : `${current}${others}`,
    elapsed,
  ];
  return cells.filter(cell => cell !== '').join('  ');
}

function start(actions: readonly Action[]): ProgressState {
  const state = new Map<HostName, HostProgress>();
  for (const { host } of actions) {
    const total = (state.get(host)?.total ?? 0) + 1;
    state.set(host, { host, total, done: 0, failed: 0, skipped: 0, doing: new Map() });
  }
  return state;
}

function change(
  state: ProgressState,
  action: Action,
  next: (host: HostProgress) => HostProgress,
): ProgressState {
  const host = state.get(action.host);
  return host ? new Map(state).set(action.host, next(host)) : state;
}

function doing(host: HostProgress, action: Action, text: string): ReadonlyMap<number, string> {
  const subject = `${action.noun} ${action.name}`;
  const more = text === '' || text === subject ? '' : `: ${printable(text)}`;
  return new Map(host.doing).set(action.id, subject + more);
}

function without(host: HostProgress, id: number): ReadonlyMap<number, string> {
  const rest = new Map(host.doing);
  rest.delete(id);
  return rest;
}
