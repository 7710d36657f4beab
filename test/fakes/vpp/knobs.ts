/** What a test can do to an emulated VPP while it runs. */
export interface Knobs {
  /** Milliseconds before each answer. */
  readonly delay?: number;
  /** Takes connections and answers nothing, as a stopped process. */
  readonly hang?: boolean;
  /** Ends as a process that is killed does: with the n-th command from now (1 is the next), done or not, its answer cut. */
  readonly die?: { readonly at: number; readonly done: boolean };
  /** From the n-th command from now on: not done, and answered with this. */
  readonly fail?: { readonly from: number; readonly answer: string };
  /** A Linux device whose transmit queue is blocked, with so many frames. */
  readonly block?: { readonly device: string; readonly frames: number };
}

/** What it was asked so far. */
export interface Report {
  readonly commands: readonly string[];
  readonly refused: readonly string[];
}

/** How an emulated VPP is started; given to the daemon as JSON. */
export interface Setup {
  /** Where `vppctl` finds it. */
  readonly socket: string;
  /** What its runtime directory is said to be. */
  readonly runtimeDirectory: string;
  readonly version: string;
  readonly without: readonly string[];
  /** Taps can be made where the kernel has no `/dev/vhost-net` too. */
  readonly vhostNet: boolean;
  /** The program of `native/devices.c`. */
  readonly helper: string;
  /** The recorded answer to `?`. */
  readonly help: string;
}

/** Where knobs are turned and the report is read: JSON in, JSON out. */
export const controlOf = (socket: string): string => `${socket}.control`;
