import type { Action, Step } from '../core/index.js';

/** The environment of a container as an Engine API body has it: `['NAME=value']`. */
export function environmentOf(step: Step): readonly string[] {
  if (
    (step.via !== 'docker' && step.via !== 'stream') ||
    typeof step.body !== 'object' ||
    step.body === null ||
    !('Env' in step.body)
  )
    return [];
  const { Env } = step.body;
  return Array.isArray(Env) ? Env.filter((entry): entry is string => typeof entry === 'string') : [];
}

/** What {@link environmentNames} is keyed by. */
export function environmentKey(action: Action, entry: string): string {
  return `${action.id} ${entry.split('=', 1)[0]}`;
}

/**
 * The shell variable that stands for each environment value of some actions: the value's own name, or, where two
 * containers give one name different values, that name with the container's before it.
 */
export function environmentNames(actions: readonly Action[]): ReadonlyMap<string, string> {
  const all = actions.flatMap(action =>
    action.steps.flatMap(environmentOf).map(entry => ({ action, entry })),
  );
  const values = new Map<string, Set<string>>();
  for (const { entry } of all) {
    const name = entry.split('=', 1)[0]!;
    values.set(name, (values.get(name) ?? new Set()).add(entry));
  }
  return new Map(
    all.map(({ action, entry }) => {
      const name = entry.split('=', 1)[0]!;
      const clashes = values.get(name)!.size > 1;
      return [environmentKey(action, entry), shellName(clashes ? `${action.name}_${name}` : name)];
    }),
  );
}

/** A word as a shell variable's name. */
function shellName(text: string): string {
  return text.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
}
