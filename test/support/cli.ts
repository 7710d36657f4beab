import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const ROOT = new URL('../..', import.meta.url).pathname;

/** The built `topo`, for Node. */
export const BIN = join(ROOT, 'bin/run.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Milliseconds after which the program is killed with SIGKILL. */
  readonly killAfter?: number;
}

/** Runs the built `topo` as a user would, without a terminal. */
export function topo(args: readonly string[], options: RunOptions): Promise<Ran> {
  return run([process.execPath, BIN, ...args], options);
}

/** Runs any program and collects what it says; never throws for its exit code. */
export function run(argv: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, NO_COLOR: '1', CI: 'true', ...options.env },
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    const timer =
      options.killAfter === undefined
        ? undefined
        : setTimeout(() => child.kill('SIGKILL'), options.killAfter);
    child.on('error', reject);
    child.on('close', code => {
      clearTimeout(timer);
      resolve({ code, ...said });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
  });
}

/**
 * A directory of its own with a copy of one of the examples as `topo.yaml`, and of the folder of its name, removed at the
 * end. The topology gets the given name, so that tests which run side by side don't share hosts.
 */
export async function workspace(example?: string, name?: string): Promise<{ cwd: string } & AsyncDisposable> {
  const cwd = await mkdtemp(join(tmpdir(), 'topo-test-'));
  if (example !== undefined) {
    const text = await readFile(join(ROOT, 'topologies', basename(example)), 'utf8');
    const folder = basename(example, '.yaml');
    if (existsSync(join(ROOT, 'topologies', folder)))
      await cp(join(ROOT, 'topologies', folder), join(cwd, folder), { recursive: true });
    await writeFile(
      join(cwd, 'topo.yaml'),
      name === undefined ? text : text.replace(/^name: .*$/m, `name: ${name}`),
    );
  }
  return { cwd, [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }) };
}

/** Runs a command inside a sandbox host, as a hand on the host would. */
export async function inside(sandbox: string, ...argv: readonly string[]): Promise<Ran> {
  return run([...(await entering(sandbox)), ...argv]);
}

/** What a command is put behind to run inside a sandbox host. */
export async function entering(sandbox: string): Promise<readonly string[]> {
  const pid = (await readFile(`/run/topo/sandbox/${sandbox}/pid`, 'utf8')).trim();
  return ['nsenter', '-t', pid, '-n', '-m', '-p', '-u', '--'];
}

/** One action of `topo plan --json`. */
export interface PlannedAction {
  readonly verb: string;
  readonly kind: string;
  readonly name: string;
  readonly host: string;
  readonly cause: string;
  readonly drift: boolean;
  readonly differences: readonly { readonly field: string; readonly have: string; readonly want: string }[];
}

/** What `topo plan` names; throws with its words where it makes no plan. */
export async function planned(options: RunOptions): Promise<readonly PlannedAction[]> {
  const { code, stdout, stderr } = await topo(['plan', '--json'], options);
  if (code !== 0) throw new Error(`topo plan ended with ${code}:\n${stdout}\n${stderr}`);
  return (JSON.parse(stdout) as { actions: readonly PlannedAction[] }).actions;
}

/** Runs `topo up`: what it planned, and what it found to be still done when it had read the hosts again. Throws with its words. */
export async function applied(options: RunOptions, ...flags: readonly string[]): Promise<Applied> {
  const { code, stdout, stderr } = await topo(['up', '--yes', '--json', ...flags], options);
  if (code !== 0) throw new Error(`topo up ended with ${code}:\n${stdout}\n${stderr}`);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as UpEvent);
  return {
    planned: events.find(event => event.type === 'plan')?.actions ?? [],
    remaining: events.at(-1)!.remaining!.actions,
    proofs: events.at(-1)!.proofs ?? [],
  };
}

export interface Applied {
  readonly planned: readonly PlannedAction[];
  readonly remaining: readonly PlannedAction[];
  readonly proofs: readonly { readonly from: string; readonly to: string; readonly ok: boolean }[];
}

/** What is read here of the lines of `up --json`: the first plan, and the report at the end. */
interface UpEvent {
  readonly type: string;
  readonly actions?: readonly PlannedAction[];
  readonly remaining?: { readonly actions: readonly PlannedAction[] };
  readonly proofs?: Applied['proofs'];
}
