import type { Action, Emit, Event } from '../core/index.js';
import { drawProgress } from './progress-draw.js';
import { painter, type Paint, padTo, printable } from './paint.js';
import { advance, type Progress, type ProgressState } from './progress-state.js';
import { duration, hostTitle, VERBS } from './words.js';
import { planActionJson } from './plan-json.js';

export interface ProgressOptions {
  /** `draw`: one live line per host; `plain`: a line per event; `json`: ndjson; `quiet`: warnings only. */
  readonly mode: 'draw' | 'plain' | 'json' | 'quiet';
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
  readonly now: () => number;
}

/** The display of a run in the given mode. Nothing is written before the first event. */
export function createProgress(options: ProgressOptions): Progress {
  const { stream, now } = options;
  const paint = painter(options.color);
  if (options.mode === 'json') {
    return lines(event => void stream.write(`${JSON.stringify(eventJson(event, now()))}\n`));
  }
  if (options.mode === 'draw')
    return drawProgress({
      stream,
      now,
      story: event => (event.type === 'host' ? undefined : storyLine(event, paint)),
    });
  const shown = options.mode === 'plain' ? plainLines(paint) : quietLine(paint);
  return lines(event => {
    const line = shown(event);
    if (line !== undefined) stream.write(`${line}\n`);
  });
}

/** One event as a JSON value: actions without their steps, which the plan has, and nothing that could hold a secret. */
export function eventJson(event: Event, time: number): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'plan':
      return { time, type: event.type, actions: event.actions.map(planActionJson) };
    case 'started':
    case 'progress':
    case 'ended': {
      const { action, ...rest } = event;
      return { time, ...rest, action: brief(action) };
    }
    case 'phase':
    case 'host':
    case 'warning':
      return { time, ...event };
  }
}

function brief({ id, resource, host, verb, noun, name }: Action): Readonly<Record<string, unknown>> {
  return { id, resource, host, verb, noun, name };
}

/** What is said between the actions, one line each; undefined for events of actions. */
function storyLine(event: Event, paint: Paint): string | undefined {
  switch (event.type) {
    case 'phase':
      return paint('dim', printable(event.text));
    case 'host':
      return paint('dim', `${hostTitle(event.host)}: ${printable(event.text)}`);
    case 'warning':
      return `${paint('yellow', 'Warning:')} ${event.host === undefined ? '' : `${event.host}: `}${printable(event.text)}`;
    case 'plan':
    case 'started':
    case 'progress':
    case 'ended':
      return undefined;
  }
}

function quietLine(paint: Paint): (event: Event) => string | undefined {
  return event => (event.type === 'warning' ? storyLine(event, paint) : undefined);
}

/** One line per action that ended, with its host's counter: fit for a log. */
function plainLines(paint: Paint): (event: Event) => string | undefined {
  let state: ProgressState = new Map();
  return event => {
    state = advance(state, event, 0);
    if (event.type !== 'ended') return storyLine(event, paint);
    const { action, outcome, ms } = event;
    const host = state.get(action.host);
    const ended = host ? host.done + host.failed + host.skipped : 1;
    const total = String(host?.total ?? 1);
    const counter = `${ended}/${total}`.padStart(2 * total.length + 1);
    const width = Math.max(...[...state.keys()].map(name => hostTitle(name).length));
    const result = {
      done: duration(ms),
      failed: paint('red', 'failed'),
      skipped: paint('yellow', 'skipped'),
    }[outcome.is];
    const sign = paint(VERBS[action.verb].style, VERBS[action.verb].sign);
    return `${padTo(hostTitle(action.host), width)}  ${counter} ${sign} ${action.noun} ${action.name}  ${result}`;
  };
}

function lines(emit: Emit): Progress {
  return { emit, end: () => Promise.resolve() };
}
