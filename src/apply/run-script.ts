import { type Action, type Failure, type Host, type NetnsRef, scriptOf } from '../core/index.js';
import { failureOfThrown } from './failure.js';
import { type ApplyInput, TIMEOUTS } from './input.js';
import { failureIn, parseScriptResult } from './script-result.js';

/** Failures by action id. An action that is left out because another one failed has none of its own. */
export type Failures = ReadonlyMap<number, Failure>;

/** Runs actions whose steps are all batchable as one script on their host: one call, whatever their number. */
export async function runScript(
  input: ApplyInput,
  host: Host,
  actions: readonly Action[],
  timeoutMs: number,
): Promise<Failures> {
  const { paths, failures } = await bindNamespaces(input, actions);
  const runnable = withoutBlocked(actions, failures);
  if (runnable.every(action => action.steps.length === 0)) return failures;
  const ids = new Set(runnable.map(action => action.id));
  const parts = runnable.map(action => ({
    id: action.id,
    title: `${action.verb} ${action.noun} ${action.name}`,
    after: action.after.filter(id => ids.has(id)),
    steps: action.steps,
  }));
  const options = {
    token: input.token,
    scripts: input.scripts,
    netns: (ref: NetnsRef) => paths.get(ref.container)!,
  };
  const result = await host.exec(['sh', '-s'], { stdin: scriptOf(parts, options), timeoutMs });
  const said = parseScriptResult(result, input.token);
  const found = runnable.flatMap(action => {
    const failure = failureIn(said, action);
    return failure ? [[action.id, failure] as const] : [];
  });
  return new Map([...failures, ...found]);
}

/** A step of an action that does not travel in a batch, by a script of its own. */
export async function runScriptStep(
  input: ApplyInput,
  host: Host,
  action: Action,
  index: number,
): Promise<Failure | undefined> {
  const one = { ...action, after: [], steps: [action.steps[index]!] };
  return (await runScript(input, host, [one], TIMEOUTS.alone)).get(action.id);
}

async function bindNamespaces(
  input: ApplyInput,
  actions: readonly Action[],
): Promise<{ paths: ReadonlyMap<string, string>; failures: Failures }> {
  const paths = new Map<string, string>();
  const failures = new Map<number, Failure>();
  for (const action of actions) {
    for (const step of action.steps) {
      if (step.via !== 'exec' || !step.netns || paths.has(step.netns.container) || failures.has(action.id))
        continue;
      try {
        if (!input.netns) throw new Error('no network namespace can be entered here');
        paths.set(step.netns.container, await input.netns(step.netns));
      } catch (error) {
        failures.set(action.id, failureOfThrown(action, step, error));
      }
    }
  }
  return { paths, failures };
}

function withoutBlocked(actions: readonly Action[], failures: Failures): readonly Action[] {
  const blocked = new Set(failures.keys());
  return actions.filter(action => {
    if (action.after.some(id => blocked.has(id))) blocked.add(action.id);
    return !blocked.has(action.id);
  });
}
