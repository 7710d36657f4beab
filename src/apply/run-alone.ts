import {
  type Action,
  type EngineCall,
  type EngineResponse,
  type Failure,
  type Host,
  isScriptable,
  type Step,
} from '../core/index.js';
import { failureOf, failureOfThrown } from './failure.js';
import { type ApplyInput, TIMEOUTS } from './input.js';
import { runScriptStep } from './run-script.js';
import { waits } from './units.js';

/** Runs one action step by step; its first failure ends it. */
export async function runAlone(input: ApplyInput, host: Host, action: Action): Promise<Failure | undefined> {
  for (const [index, step] of action.steps.entries()) {
    input.emit({ type: 'progress', action, text: step.label });
    try {
      const failure = await runStep(input, host, action, index);
      if (failure) return failure;
    } catch (error) {
      return failureOfThrown(action, step, error);
    }
  }
  return undefined;
}

async function runStep(
  input: ApplyInput,
  host: Host,
  action: Action,
  index: number,
): Promise<Failure | undefined> {
  const step: Step = action.steps[index]!;
  if (isScriptable(step)) return runScriptStep(input, host, action, index);
  if (step.via === 'docker') {
    const response = await host.engine(callOf(step), { timeoutMs: TIMEOUTS.engine + (step.takes ?? 0) });
    return isSuccess(step, response) ? undefined : failureOf(action, step, engineMessage(response));
  }
  if (step.via === 'copy') await host.copy(step, { timeoutMs: TIMEOUTS.stream });
  const progress = (text: string): void => input.emit({ type: 'progress', action, text });
  if (step.via === 'build') await host.build(step, { timeoutMs: TIMEOUTS.stream, progress });
  if (step.via === 'stream') {
    const signal = waits(step) && input.signal ? { signal: input.signal } : {};
    const { name, args, body } = step;
    await host.stream(name, args, {
      timeoutMs: TIMEOUTS.stream,
      progress,
      ...signal,
      ...(body !== undefined && { body }),
    });
  }
  return undefined;
}

function callOf({ method, path, body, headers, accept }: EngineCall): EngineCall {
  return {
    via: 'docker',
    method,
    path,
    ...(body !== undefined && { body }),
    ...(headers && { headers }),
    ...(accept && { accept }),
  };
}

function isSuccess(call: EngineCall, { status }: EngineResponse): boolean {
  return (status >= 200 && status < 300) || (call.accept?.includes(status) ?? false);
}

/** The engine says `{"message": …}` on errors. */
function engineMessage({ status, body }: EngineResponse): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
  return `${typeof message === 'string' ? message : JSON.stringify(message)} (HTTP ${status})`;
}
