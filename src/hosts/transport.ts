import type { Duplex, Readable, Writable } from 'node:stream';

/** A command that runs on a host. */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Its exit code, 128 + n where signal n ended it, undefined where the connection broke first. */
  readonly exited: Promise<number | undefined>;
  /** Ends it; its exit is still told by `exited`. */
  kill(): void;
}

/** The two things that hosts differ in: how a command is started, and how the engine's socket is opened. */
export interface Transport {
  readonly described: string;
  /** Present where the engine is all that is reached: why it was not, by what went wrong. `spawn` throws there. */
  readonly engineOnly?: (cause: unknown) => Error;
  /** Starts a command as the user who logged in. Throws TopoError where the connection is gone. */
  spawn(argv: readonly string[]): Promise<Running>;
  /** A stream to a unix socket of the host; returned at once, failing later where it can't be opened. */
  dial(path: string): Duplex;
  /** Aborted, with a TopoError as reason, when the connection is lost or closed. */
  readonly closed: AbortSignal;
  close(): Promise<void>;
}
