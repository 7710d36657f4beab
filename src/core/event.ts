import type { ExecResult } from './host.js';
import type { Action } from './plan.js';
import type { HostName } from './names.js';

/** Why an action failed: which step, what it said. */
export interface Failure {
  readonly host: HostName;
  /** The command or call, rendered for people, without secrets. */
  readonly command: string;
  readonly exit?: ExecResult['code'];
  readonly stderr: string;
  readonly hint?: string;
  /** The connection broke before the answer came: whether it was done is for the next reading to say. */
  readonly lost?: true;
}

export type ActionOutcome =
  | { readonly is: 'done' }
  | { readonly is: 'failed'; readonly failure: Failure }
  /** Not tried: `because` is the id of the failed action above it, or undefined where the run was interrupted. */
  | { readonly is: 'skipped'; readonly because?: number };

/** What happens while topo works; the only thing a progress display sees. */
export type Event =
  | {
      readonly type: 'phase';
      readonly phase: 'connect' | 'read' | 'measure' | 'lock' | 'apply' | 'verify' | 'prove';
      readonly text: string;
    }
  | { readonly type: 'host'; readonly host: HostName; readonly text: string }
  | { readonly type: 'plan'; readonly actions: readonly Action[] }
  | { readonly type: 'started'; readonly action: Action }
  | { readonly type: 'progress'; readonly action: Action; readonly text: string }
  | { readonly type: 'ended'; readonly action: Action; readonly outcome: ActionOutcome; readonly ms: number }
  | { readonly type: 'warning'; readonly text: string; readonly host?: HostName };

export type Emit = (event: Event) => void;

/** What became of a plan. */
export interface Report {
  readonly outcomes: ReadonlyMap<number, ActionOutcome>;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly interrupted: boolean;
}
