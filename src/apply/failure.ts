import {
  type Action,
  describeStep,
  type Failure,
  isLost,
  messageOf,
  type Step,
  TopoError,
} from '../core/index.js';

/** How many of the last lines of what a step said are kept. */
const LINES = 10;

/** The failure of a step. `said` is its stderr, or the engine's message. */
export function failureOf(action: Action, step: Step | undefined, said: string, exit?: number): Failure {
  const command = step ? describeStep(step) : `${action.verb} ${action.noun} ${action.name}`;
  return { host: action.host, command, stderr: lastLines(said), ...(exit !== undefined && { exit }) };
}

/** The failure of whatever threw: a connection that broke, a host that can't be reached. */
export function failureOfThrown(action: Action, step: Step | undefined, error: unknown): Failure {
  const hint = error instanceof TopoError ? error.hint : undefined;
  return {
    ...failureOf(action, step, messageOf(error)),
    ...(hint !== undefined && { hint }),
    ...(isLost(error) && { lost: true }),
  };
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-LINES).join('\n').trim();
}
