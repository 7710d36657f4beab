import type { Emit, Failure, Host, HostName, NetnsRef, Plan } from '../core/index.js';

export interface ApplyInput {
  readonly plan: Plan;
  /** The connection to a host; asked for again for each use, as a host may come to be only while the plan is carried out. */
  readonly host: (name: HostName) => Promise<Host>;
  /** Late binding: the path of a container's network namespace, once it runs. */
  readonly netns?: (host: Host, ref: NetnsRef) => Promise<string>;
  /** The constant scripts of `script` steps, by name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Random letters and digits: marks what a batch's script says of itself. */
  readonly token: string;
  /** Milliseconds; only differences are used. */
  readonly now: () => number;
  readonly emit: Emit;
  /** Once aborted, what is in flight is finished and nothing more is started. */
  readonly signal?: AbortSignal;
  /** A hint for a failure, from what is known of the programs; wins over the failure's own. */
  readonly explain?: (failure: Failure) => string | undefined;
}

/** Milliseconds until a call is given up. Streams carry images, lone steps start engines, a container may take its grace to stop. */
export const TIMEOUTS = { batch: 300_000, alone: 600_000, engine: 300_000, stream: 3_600_000 } as const;
