import type { BuildRequest } from './build.js';

/** The network namespace of a container, by the engine's name or id of that: it is only known once it runs, so it is bound late. */
export interface NetnsRef {
  readonly container: string;
}

/** An argument of a script: text, or what the path of a namespace will be. */
export type Argument = string | NetnsRef;

/** One thing to ask of a host, as data: an argv, a constant script with arguments, an Engine API call, a file, a stream. */
export type Call =
  | {
      readonly via: 'exec';
      readonly argv: readonly string[];
      readonly netns?: NetnsRef;
      readonly stdin?: string;
    }
  | {
      readonly via: 'script';
      readonly name: string;
      readonly args: readonly Argument[];
      readonly stdin?: string;
    }
  | EngineCall
  | { readonly via: 'file'; readonly path: string; readonly mode: number; readonly content: string }
  | CopyCall
  | BuildCall
  | {
      readonly via: 'stream';
      readonly name: StreamName;
      readonly args: readonly string[];
      readonly body?: unknown;
    };

/** One Engine API call. `accept` lists statuses beside 2xx that mean "already so" (304 started, 404 gone). */
export interface EngineCall {
  readonly via: 'docker';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly accept?: readonly number[];
  /** Milliseconds that it may take beyond what any call may: for something to end by itself. */
  readonly takes?: number;
}

/** Files that are copied into a container below a directory of it. */
export interface CopyCall {
  readonly via: 'copy';
  readonly container: string;
  /** Where the engine looks whether it may write: the root, or what a volume is mounted on. */
  readonly directory: string;
  readonly files: readonly ContainerFile[];
}

/** An image that the host's engine builds. What is asked for may hold secrets and is never shown. */
export interface BuildCall {
  readonly via: 'build';
  readonly reference: string;
  readonly request: BuildRequest;
}

/** A file in a container. Its content is never shown. */
export interface ContainerFile {
  /** Absolute. */
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** Base64. */
  readonly content: string;
}

/**
 * What hosts/ performs by more than one call: `pull REF`, `push REF` (from the operator's engine), `busybox REF` (made on the spot
 * of this machine's), `holder REF PATH PROCESSOR=BASE64 …` (made of a program), and `ready CONTAINER CONDITION MILLISECONDS
 * required|optional NAME`, which waits, and `hook CONTAINER NAME`, which runs what its body says in a container.
 */
export type StreamName = 'pull' | 'push' | 'busybox' | 'holder' | 'ready' | 'hook';

/** Reads; never changes anything. */
export type Query = Call & { readonly mutates: false };

/**
 * Changes something. Only tools/ makes these; `label` says in a few words what it does. `alone`: it takes seconds, so it gets
 * a call of its own, beside others, instead of a place in a batch. `needs`: the program of the host that it speaks to, a word; where the
 * step ends with {@link GONE} nothing more that needs that is tried there.
 */
export type Step = Call & {
  readonly mutates: true;
  readonly label: string;
  readonly alone?: true;
  readonly needs?: string;
};

/** The exit status of a step that found the program that it `needs` gone, or deaf: EX_UNAVAILABLE of sysexits.h. */
export const GONE = 69;

/** The programs of their host that some steps speak to. */
export function needsOf(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.flatMap(({ needs }) => needs ?? []))];
}

/** Whether a step can travel in a batch, one script for many steps, instead of a call of its own. */
export function isBatchable(step: Step): boolean {
  return isScriptable(step) && step.alone !== true;
}

/** Whether a step is something that a shell on the host can run. */
export function isScriptable(step: Step): boolean {
  return step.via === 'exec' || step.via === 'script' || step.via === 'file';
}
