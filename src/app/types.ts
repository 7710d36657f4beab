import type { Diagnostic, Emit, HostName, HostView, Plan, Report, Resolved } from '../core/index.js';

/** What commands hand in: the only way by which clock, environment and randomness reach the stages. */
export interface Context {
  /** Absolute path of the topology file; undefined where a command goes without one (`down --name`). */
  readonly file?: string;
  /** Absolute paths of further files, each merged over those before it. */
  readonly overrides?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  /** Asks the user for the passphrase of a key file, undefined for no answer; absent where nobody can be asked. Remembers it. */
  readonly passphrase?: (keyFile: string, attempt: number) => Promise<string | undefined>;
  /** Asks the user whatever else a login needs; absent as above. */
  readonly question?: (text: string) => Promise<string | undefined>;
  readonly emit: Emit;
  /** Aborted at the first Ctrl-C: finish what is in flight, start nothing more. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** `n` random bytes as hex: markers, lock tokens, keys. */
  readonly random: (bytes: number) => string;
}

/** A file that was read: valid exactly when `resolved` is there. */
export interface Loaded {
  readonly diagnostics: readonly Diagnostic[];
  readonly resolved?: Resolved;
}

/** What was decided: `plan` is there unless a diagnostic is an error. */
export interface Planned {
  readonly diagnostics: readonly Diagnostic[];
  readonly plan?: Plan;
  /** What the process should end with when there is no plan: 3 where the file is at fault, 1 where a host is. */
  readonly exit: number;
  /** How many hosts the plan speaks of. */
  readonly hosts: number;
  /** Hosts that were left out because they can't be reached. Absent: none. */
  readonly skipped?: readonly HostName[];
  /** Round trips so far, by host. */
  readonly trips: Readonly<Record<HostName, { readonly exec: number; readonly engine: number }>>;
}

/** A part of the topology: names of hosts, stacks, `stack/service` and switches. */
export interface Focus {
  /** Only these, and what they need; everything where empty. */
  readonly targets?: readonly string[];
  /** Not these, nor what needs them. */
  readonly excludes?: readonly string[];
}

export interface PlanOptions {
  readonly focus?: Focus;
  /** Leave out hosts that can't be reached, and say so, instead of doing nothing at all (default false). */
  readonly skipUnreachable?: boolean;
  /** Take over what docker compose made for the projects of the stacks (default false). */
  readonly adopt?: boolean;
  /** Compare the live state with what was last applied instead of with the file. */
  readonly drift?: boolean;
  /** Also write the plan to this file, for `UpOptions.planFile`. */
  readonly out?: string;
}

export interface UpOptions {
  readonly focus?: Focus;
  /** Leave out hosts that can't be reached, and say so, instead of doing nothing at all (default false). */
  readonly skipUnreachable?: boolean;
  /** Take over what docker compose made for the projects of the stacks (default false). */
  readonly adopt?: boolean;
  /** A file of `PlanOptions.out`: exactly that, with the focus it had, or nothing. It names the topology file where the context has none. */
  readonly planFile?: string;
  /** Asked before anything is changed, when the plan is not empty; false declines. */
  readonly confirm?: (plan: Plan) => Promise<boolean>;
  /** Read the hosts again and prove the links afterwards (default true). */
  readonly verify?: boolean;
  /** How long to wait for another topo's lock, milliseconds (default 30,000). */
  readonly lockWait?: number;
}

export interface DownOptions extends UpOptions {
  /** Remove named volumes as well. */
  readonly volumes?: boolean;
  /** Without a file: the topology's name, and a host (`ssh://…`, `local`) that bears it. */
  readonly name?: string;
  readonly host?: string;
}

/** A topology's lock that somebody holds on a host. */
export interface HeldLock {
  readonly host: HostName;
  /** Of its holder, on that host. */
  readonly pid: string;
  /** `alon@tera (pid 12)`. */
  readonly who: string;
  /** For how long, where it is known. */
  readonly seconds?: number;
}

export interface UnlockOptions {
  /** Only there. */
  readonly host?: HostName;
  /** Asked before any is broken; not where none is held. */
  readonly confirm: (held: readonly HeldLock[]) => Promise<boolean>;
}

/** What `up` and `down` did. `remaining` is the plan after everything: empty when it converged. */
export interface Applied {
  readonly planned: Planned;
  readonly declined: boolean;
  readonly report?: Report;
  readonly remaining?: Planned;
  /** Links that were proven, and those that could not be. */
  readonly proofs: readonly Proof[];
}

/** One link or path shown to carry packets at its MTU, or at least to be joined at both ends, or why not. */
export interface Proof {
  readonly from: string;
  readonly to: string;
  /** What was done: `ping of 1450 bytes with DF`, `carrier and ports (no two addresses to ping)`. */
  readonly how: string;
  readonly ok: boolean;
  readonly detail: string;
  /** It could not be tried, for want of a program or because the file wants it down: no proof, and no failure. */
  readonly untried?: true;
}

/** `topo ps`: what is there, from one reading of the hosts. */
export interface Status {
  readonly topology: string;
  readonly hosts: readonly HostStatus[];
}

export interface HostStatus {
  readonly host: HostName;
  readonly reached: string;
  readonly engine: string;
  readonly containers: readonly ContainerStatus[];
  readonly switches: readonly SwitchStatus[];
}

/** `topo hosts`: what every host is and what this file lacks there. Hosts that can't be reached stand in `diagnostics` alone. */
export interface HostsReport {
  readonly topology: string;
  readonly hosts: readonly HostReport[];
  /** What is missing or in the way on a host, with what to do about it. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface HostReport {
  readonly host: HostName;
  /** As the file says it: `ssh://alon@tera`, `context rog`. */
  readonly given: string;
  readonly state: 'reached' | 'engine only' | 'not there yet' | 'unreachable';
  /** What that led to; empty where it led nowhere. */
  readonly reached: string;
  /** Milliseconds, the median of three exchanges. */
  readonly roundTrip?: number;
  readonly system: string;
  readonly kernel: string;
  readonly arch: string;
  /** The engine's version and what it filters with; empty where it is not known. */
  readonly engine: string;
  readonly firewall: string;
  readonly rootless: boolean;
  /** Programs that topo has a use for, by name, with their paths. */
  readonly tools: Readonly<Record<string, string>>;
  /** What is missing or in the way, in short. */
  readonly problems: readonly string[];
}

export interface ContainerStatus {
  readonly stack: string;
  readonly service: string;
  /** Which of the service's containers, from 1. */
  readonly number: number;
  readonly container: string;
  readonly image: string;
  readonly state: string;
  readonly status: string;
  readonly addresses: readonly string[];
  readonly ports: readonly string[];
}

export interface SwitchStatus {
  readonly name: string;
  readonly kind: string;
  readonly device: string;
  readonly up: boolean;
  readonly mtu: number;
  readonly addresses: readonly string[];
  readonly peers: readonly string[];
  /** Of a VDE switch: how many things are plugged in, where it tells, of how many; and what QEMU is told to plug a guest in. */
  readonly vde?: { readonly used?: number; readonly ports?: number; readonly qemu: string };
}

/** One entry of `checks:` after its tries. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly tries: number;
  readonly ms: number;
}

export interface ExecOptions {
  /** `stack/service`. */
  readonly target: string;
  readonly argv: readonly string[];
  readonly tty: boolean;
  readonly interactive: boolean;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface LogsOptions {
  /** `stack/service` or `stack`; all services where empty. */
  readonly targets: readonly string[];
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** How many of the last lines of each container (default all). */
  readonly tail?: number;
  /** `10m`, or a time of ISO 8601. */
  readonly since?: string;
  /** Told once which services are read; what it returns gets every line. */
  readonly begin: (services: readonly string[]) => (line: LogLine) => void;
}

/** One line that a container wrote, without its end. */
export interface LogLine {
  /** `stack/service`. */
  readonly service: string;
  /** stdout is 1, stderr 2. */
  readonly stream: 1 | 2;
  readonly text: string;
}

export type Views = ReadonlyMap<HostName, HostView>;

export interface FmtOptions {
  /** Write what is allotted into the files, and change nothing else (default: write them as they are written usually). */
  readonly pin?: boolean;
  /** Only tell what would change. */
  readonly check?: boolean;
}

export interface Formatted {
  /** Those that were changed, or would be: absolute paths. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}
