import { type Action, OPERATOR, type HostName, type Verb } from '../core/index.js';
import type { Style } from './paint.js';

/** How each verb is drawn and spoken of. `sign` is three columns wide, so that signs stand in one column. */
export const VERBS: Readonly<Record<Verb, { sign: string; style: Style; todo: string; done: string }>> = {
  create: { sign: '  +', style: 'green', todo: 'to add', done: 'added' },
  adopt: { sign: '  ~', style: 'cyan', todo: 'to adopt', done: 'adopted' },
  update: { sign: '  ~', style: 'yellow', todo: 'to change', done: 'changed' },
  replace: { sign: '-/+', style: 'red', todo: 'to replace', done: 'replaced' },
  delete: { sign: '  -', style: 'red', todo: 'to remove', done: 'removed' },
  run: { sign: '  >', style: 'cyan', todo: 'to run', done: 'run' },
};

/** `1 host`, `3 hosts`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A host as people call it: the operator's machine has no name in the file. */
export function hostTitle(host: HostName): string {
  return host === OPERATOR ? 'this machine' : host;
}

/** `container shop/web on tera`. */
export function actionTitle(action: Action): string {
  return `${action.noun} ${action.name} on ${hostTitle(action.host)}`;
}

/** Milliseconds for people: `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

const RARE: readonly Verb[] = ['adopt', 'replace', 'run'];

/** How many of each verb; adoptions, replacements and what is run are only mentioned where there are any. `12 to add, 1 to change, 0 to remove`. */
export function tally(verbs: readonly Verb[], tense: 'todo' | 'done'): string {
  const of = (verb: Verb): number => verbs.filter(v => v === verb).length;
  return (['create', 'adopt', 'update', 'replace', 'delete', 'run'] as const)
    .filter(verb => !RARE.includes(verb) || of(verb) > 0)
    .map(verb => `${of(verb)} ${VERBS[verb][tense]}`)
    .join(', ');
}
