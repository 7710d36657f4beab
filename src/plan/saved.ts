import { type Action, canonicalJson, describeStep, type Step } from '../core/index.js';

/** Stands for something that is not shown: equal for equal things, and of no use without the key. */
export interface Redacted {
  readonly redacted: true;
  readonly digest: string;
}

/** An action as it may lie in a file: without values of the environment, contents and what commands are fed. */
export type SavedAction = Omit<Action, 'steps'> & {
  readonly steps: readonly (Readonly<Record<string, unknown>> & Pick<Step, 'via' | 'label'>)[];
};

/** A keyed digest of a text. */
export type Seal = (text: string) => string;

/** Actions without their secrets. What is left out stands there as a keyed digest, so that a change of it shows. */
export function saveActions(actions: readonly Action[], seal: Seal): readonly SavedAction[] {
  const hide = (value: unknown): Redacted => ({ redacted: true, digest: seal(canonicalJson(value)) });
  return actions.map(action => ({ ...action, steps: action.steps.map(step => redact(step, hide)) }));
}

/** Equal for two lists of actions that would do the same. */
export function digestOfSaved(actions: readonly SavedAction[], seal: Seal): string {
  return seal(canonicalJson(actions));
}

const INSIDE = 'changed: environment, contents or settings';

/** What moved from one list of actions to another, in words, one entry each; empty where nothing did. */
export function movedBetween(before: readonly SavedAction[], now: readonly SavedAction[]): readonly string[] {
  const [oldKeys, newKeys] = [keysOf(before), keysOf(now)];
  const old = new Map(before.map(a => [oldKeys.get(a), a]));
  const current = new Set(newKeys.values());
  const was = (a: SavedAction): SavedAction | undefined => old.get(newKeys.get(a));
  const inside = now.filter(a => isOtherInside(was(a), a));
  const moved = [
    ...before
      .filter(a => !current.has(oldKeys.get(a)!))
      .map(a => `vanished: ${a.verb} ${titleOf(a)} (${a.cause})`),
    ...now.flatMap(a => {
      const before = was(a);
      if (!before) return [`appeared: ${a.verb} ${titleOf(a)} (${a.cause})`];
      const change = changeOf(before, a);
      return change === undefined ? [] : [`changed: ${a.verb} ${titleOf(a)}: ${change}`];
    }),
    ...(inside.length > 0 ? [`${INSIDE} of ${inside.map(titleOf).join(', ')}`] : []),
  ];
  const isSame = canonicalJson(before) === canonicalJson(now);
  return moved.length === 0 && !isSame ? ['changed: the order in which things are done'] : moved;
}

/** A resource that lets go of something for another one has two actions; the one that makes or changes it comes last. */
function keysOf(actions: readonly SavedAction[]): ReadonlyMap<SavedAction, string> {
  const last = new Map(actions.map(a => [a.resource, a]));
  return new Map(actions.map(a => [a, last.get(a.resource) === a ? a.resource : `${a.resource} before`]));
}

function redact(step: Step, hide: (value: unknown) => Redacted): SavedAction['steps'][number] {
  switch (step.via) {
    case 'exec':
    case 'script':
      return { ...step, ...(step.stdin !== undefined && { stdin: hide(step.stdin) }) };
    case 'docker':
      return {
        ...step,
        ...(step.headers !== undefined && { headers: hide(step.headers) }),
        ...(hasEnvironment(step.body) && { body: hide(step.body) }),
      };
    case 'file':
      return { ...step, content: hide(step.content) };
    case 'copy':
      return { ...step, files: step.files.map(f => ({ ...f, content: hide(f.content) })) };
    case 'build':
      return { ...step, request: hide(step.request) };
    case 'stream':
      return { ...step, ...(hasEnvironment(step.body) && { body: hide(step.body) }) };
  }
}

/** The body of a create call for a container, or of what is run in one: these hold the environment. */
function hasEnvironment(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'Env' in body;
}

/** How an action is not what it was; its number and what it waits for apart, which follow from the others. */
function changeOf(was: SavedAction, now: SavedAction): string | undefined {
  if (was.verb !== now.verb || was.cause !== now.cause)
    return `it was to ${was.verb} (${was.cause}), now it is to ${now.verb} (${now.cause})`;
  if (!same(was.differences, now.differences))
    return now.differences.map(d => `${d.field}: ${d.have} → ${d.want}`).join(', ');
  return same(commandsOf(was), commandsOf(now)) ? undefined : 'by other commands';
}

/** Whether only that is another which is not shown. */
function isOtherInside(was: SavedAction | undefined, now: SavedAction): boolean {
  return was !== undefined && changeOf(was, now) === undefined && !same(was.steps, now.steps);
}

function commandsOf({ steps }: SavedAction): readonly string[] {
  return steps.map(step => describeStep(step as unknown as Step));
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function titleOf({ noun, name, host }: SavedAction): string {
  return `${noun} ${name} on ${host}`;
}
