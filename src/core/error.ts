/** What the process ends with. README has the same table. */
export const EXIT = { done: 0, failed: 1, changes: 2, invalid: 3, partial: 4, interrupted: 130 } as const;

/** Who has to act: the user (file, flags), the host (world), or topo itself (a bug: only then a stack is shown). */
export type Blame = 'user' | 'host' | 'topo';

export interface TopoErrorOptions {
  readonly code: string;
  readonly who: Blame;
  readonly hint?: string;
  readonly host?: string;
  /** True where the same call may succeed later without anything having been changed. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  readonly exit?: number;
}

/** A failure of the world, or a bug. The user's text never gives one: it gives Diagnostics. */
export class TopoError extends Error {
  readonly code: string;
  readonly who: Blame;
  readonly hint: string | undefined;
  readonly host: string | undefined;
  readonly retryable: boolean;
  readonly exit: number;

  constructor(message: string, options: TopoErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TopoError';
    this.code = options.code;
    this.who = options.who;
    this.hint = options.hint;
    this.host = options.host;
    this.retryable = options.retryable ?? false;
    this.exit = options.exit ?? EXIT.failed;
  }
}

/** Whether a connection broke before the answer came: what was asked for may have been done or not. */
export function isLost(error: unknown): boolean {
  return error instanceof TopoError && error.code === 'host.lost';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
