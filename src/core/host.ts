import type { Duplex, Readable } from 'node:stream';
import type { BuildCall, CopyCall, EngineCall, StreamName } from './call.js';
import type { HostName } from './names.js';

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the call is given up (the host's default when absent). */
  readonly timeoutMs?: number;
}

export interface ExecOptions extends CallOptions {
  readonly stdin?: string;
  /** Whether the command needs root (default true: sudo is put before it where the user is not root). */
  readonly root?: boolean;
}

export interface EngineResponse {
  readonly status: number;
  /** Parsed where the engine said JSON, else text. */
  readonly body: unknown;
}

/** A long-lived command: the lock's holder, a capture. It ends when its channel does. */
export interface Channel {
  readonly stdout: Readable;
  readonly stderr: Readable;
  write(text: string): void;
  /** Ends the channel; resolves when the far side is gone. */
  close(): Promise<void>;
  /** Resolves with the exit code, or undefined where the connection broke. */
  readonly exited: Promise<number | undefined>;
}

/** How often a host was asked, for the promise of a fixed number of round trips. */
export interface Trips {
  readonly exec: number;
  readonly engine: number;
}

/**
 * A host that is reached: one connection for commands and for the Engine API.
 * All methods throw TopoError (`who: 'host'`) when the connection, not the command, fails.
 */
export interface Host {
  readonly name: HostName;
  /** For people: `ssh root@198.18.0.2:22`, `local`. */
  readonly described: string;
  /** True where only the Engine API is reached (an engine on TCP): `exec` and `start` throw `host.engine-only`. */
  readonly engineOnly?: true;
  /** Runs one command and waits for it; a non-zero exit is a result, not a throw. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Starts a command and leaves it running. */
  start(argv: readonly string[], options?: ExecOptions): Promise<Channel>;
  /** One Engine API call; any HTTP status is a result, not a throw. */
  engine(call: EngineCall, options?: CallOptions): Promise<EngineResponse>;
  /** An Engine API call whose answer is a stream (logs, events). */
  engineStream(call: EngineCall, options?: CallOptions): Promise<{ status: number; body: Readable }>;
  /** An Engine API call that upgrades to a raw two-way stream (exec, attach). */
  engineUpgrade(call: EngineCall, options?: CallOptions): Promise<Duplex>;
  /** Copies files into a container that need not run. */
  copy(call: CopyCall, options?: CallOptions): Promise<void>;
  /** Builds an image on the engine. `progress` gets a short text now and then. */
  build(call: BuildCall, options?: CallOptions & { progress?: (text: string) => void }): Promise<void>;
  /** The digest of what a registry has for an image now, by way of the engine and with the login that topo's own machine has for it. */
  registryDigest(reference: string, options?: CallOptions): Promise<string>;
  /** A transfer: see {@link StreamName}. `progress` gets a short text now and then. */
  stream(
    name: StreamName,
    args: readonly string[],
    options?: CallOptions & { progress?: (text: string) => void; body?: unknown },
  ): Promise<void>;
  readonly trips: Trips;
  /** Aborted, with a TopoError as reason, when the connection is lost or closed: nothing more comes of this host. */
  readonly closed: AbortSignal;
  close(): Promise<void>;
}
