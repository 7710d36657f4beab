import { type Action, type Failure, type Host, type NetnsRef, scriptOf, type Step } from '../core/index.js';
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
  const { paths, failures } = await bindNamespaces(input, host, actions);
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

/** The paths of all namespaces that the actions' steps are about, each asked for once, all at the same time. */
async function bindNamespaces(
  input: ApplyInput,
  host: Host,
  actions: readonly Action[],
): Promise<{ paths: ReadonlyMap<string, string>; failures: Failures }> {
  const uses = actions.flatMap(action =>
    action.steps.flatMap(step => namespacesOf(step).map(container => ({ action, step, container }))),
  );
  const asked = [...new Set(uses.map(use => use.container))];
  const answers = new Map(
    await Promise.all(asked.map(async name => [name, await pathOf(input, host, name)] as const)),
  );
  const failures = new Map<number, Failure>();
  const paths = new Map<string, string>();
  for (const { action, step, container } of uses) {
    const answer = answers.get(container)!;
    if (typeof answer === 'string') paths.set(container, answer);
    else if (!failures.has(action.id)) failures.set(action.id, failureOfThrown(action, step, answer.failed));
  }
  return { paths, failures };
}

async function pathOf(
  input: ApplyInput,
  host: Host,
  container: string,
): Promise<string | { failed: unknown }> {
  try {
    if (!input.netns) throw new Error('no network namespace can be entered here');
    return await input.netns(host, { container });
  } catch (failed) {
    return { failed };
  }
}

function namespacesOf(step: Step): readonly string[] {
  if (step.via === 'exec') return step.netns ? [step.netns.container] : [];
  if (step.via !== 'script') return [];
  return step.args.flatMap(arg => (typeof arg === 'string' ? [] : [arg.container]));
}

function withoutBlocked(actions: readonly Action[], failures: Failures): readonly Action[] {
  const blocked = new Set(failures.keys());
  return actions.filter(action => {
    if (action.after.some(id => blocked.has(id))) blocked.add(action.id);
    return !blocked.has(action.id);
  });
}
