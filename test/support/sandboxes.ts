import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { OPERATOR, type Host, type SshTransportName, type Step } from '../../src/core/index.js';
import { openHost } from '../../src/hosts/index.js';
import {
  createSandbox,
  parseSandboxList,
  removeSandbox,
  sandboxAddresses,
  sandboxRunDirectory,
  scriptArgv,
} from '../../src/tools/index.js';
import { ownName } from './own-name.js';

/** Independent sandboxes of a test, and a way to their hosts. Disposing removes them. */
export interface TestSandboxes extends AsyncDisposable {
  readonly operator: Host;
  readonly names: readonly string[];
  readonly address: (name: string) => string;
  /** A new connection to one of them; the test closes it, or it goes at the end. */
  open(name: string, transport?: SshTransportName): Promise<Host>;
}

/** What is true of a host by ssh is true of it by either client. */
export const TRANSPORTS = ['ssh2', 'openssh'] as const;

/** Why this machine can have no sandboxes, or undefined. Tests are skipped with it, and say so. */
export function sandboxesMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const tools = ['dockerd', 'sshd', 'ssh-keygen', 'ip', 'unshare', 'busybox'];
  const missing = tools.find(tool => spawnSync('which', [tool]).status !== 0);
  return missing === undefined ? undefined : `needs ${missing}`;
}

/** Makes `count` sandboxes at the same time. */
export async function startSandboxes(count: number): Promise<TestSandboxes> {
  const operator = await openOperator();
  const names = Array.from({ length: count }, (_, i) => ownName(String(i + 1)));
  const addresses = sandboxAddresses(names, parseSandboxList((await mustRun(operator, LIST)).stdout));
  const make = (name: string): Step =>
    createSandbox({ name, topology: '', address: addresses.get(name)!, engine: '' });
  await Promise.all(names.map(name => runStep(operator, make(name))));
  const opened: Host[] = [];
  return {
    operator,
    names,
    address: name => addresses.get(name)!,
    async open(name, transport = 'ssh2') {
      const form = { is: 'sandbox' } as const;
      const target = { name, form, sandbox: name, acceptNewHostKey: false, transport };
      const host = await openHost(target, ambient());
      opened.push(host);
      return host;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map(host => host.close()));
      await Promise.all(names.map(name => runStep(operator, removeSandbox(name))));
      await operator.close();
    },
  };
}

/** This machine as a host; `run`: what its commands are to be known by. */
export function openOperator(run?: string): Promise<Host> {
  const options = { ...ambient(), ...(run === undefined ? {} : { run }) };
  return openHost({ name: OPERATOR, form: { is: 'local' }, acceptNewHostKey: false }, options);
}

/** The surroundings that hosts are opened in. */
export function ambient(home = homedir()): { environment: NodeJS.ProcessEnv; homedir: string } {
  return { environment: process.env, homedir: home };
}

/** Runs a script step and throws what it said where it failed. */
export async function runStep(host: Host, step: Step): Promise<string> {
  if (step.via !== 'script') throw new Error(`${step.label} is no script`);
  return (await mustRun(host, scriptArgv(step.name, step.args))).stdout;
}

/** Runs a command and throws what it said where it failed. */
export async function mustRun(
  host: Host,
  argv: readonly string[],
  stdin = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const result = await host.exec(argv, { stdin });
  if (result.code !== 0) throw new Error(`${argv.slice(0, 3).join(' ')}: ${result.code}: ${result.stderr}`);
  return result;
}

/** The directory with a sandbox's client key, known_hosts and address. */
export const runDirectory = sandboxRunDirectory;

const LIST = scriptArgv('sandbox-list', []);
