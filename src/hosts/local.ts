import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { OPERATOR, type Host } from '../core/index.js';
import { ENGINE_SOCKET } from './endpoint.js';
import { hostError, lost } from './errors.js';
import { makeHost } from './host.js';
import type { HostOptions, HostTarget } from './target.js';
import type { Running, Transport } from './transport.js';

/** This machine, as a host. What topo does on a host is Linux: elsewhere only the engine is used. */
export async function openLocal(target: HostTarget, options: HostOptions): Promise<Host> {
  if (!canSimulate()) return openElsewhere(target, options);
  const root = process.getuid?.() === 0;
  return makeHost(target, localTransport(target.name, options), root, options);
}

/** Whether this machine can be a host itself, and have simulated ones on it. */
export function canSimulate(): boolean {
  return process.platform === 'linux';
}

/** On macOS or Windows: the engine, which runs in a Linux of its own. */
async function openElsewhere(target: HostTarget, options: HostOptions): Promise<Host> {
  if (target.name === OPERATOR)
    throw hostError(
      OPERATOR,
      'sandbox.platform',
      `simulated hosts need Linux, and this machine is ${process.platform}`,
      {
        hint: 'give hosts as `ssh:` or `context:`, or run topo on a Linux machine',
      },
    );
  const { openLocalEngine } = await import('./engine-only.js');
  return openLocalEngine(target, target.dockerSocket ?? ENGINE_SOCKET, options);
}

function localTransport(name: string, { environment }: HostOptions): Transport {
  const closed = new AbortController();
  // Whoever is logged in here by ssh did not reach this host by that connection.
  const { SSH_CONNECTION: _, ...env } = environment;
  return {
    described: 'local',
    spawn: argv => start(name, argv, env),
    dial: path => connect(path),
    closed: closed.signal,
    close: async () => closed.abort(lost(name, 'local', 'it was closed')),
  };
}

/**
 * A process group of its own: a Ctrl-C in the terminal is for topo, not for what it has under way. Through a shell, so
 * that a program that is missing is exit code 127 here as it is by ssh.
 */
function start(name: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Running> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', 'exec "$@"', 'sh', ...argv], {
      env,
      detached: true,
      stdio: 'pipe',
    });
    child.once('error', cause =>
      reject(hostError(name, 'host.program', `${argv[0]} could not be started: ${cause.message}`, { cause })),
    );
    child.once('spawn', () => resolve(running(child)));
  });
}

function running(child: ChildProcessWithoutNullStreams): Running {
  const { stdin, stdout, stderr } = child;
  const exited = new Promise<number | undefined>(resolve =>
    child.once('close', (code, signal) =>
      resolve(code ?? (signal ? 128 + constants.signals[signal] : undefined)),
    ),
  );
  return { stdin, stdout, stderr, exited, kill: () => killGroup(child) };
}

function killGroup(child: ChildProcessWithoutNullStreams): void {
  try {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // Part of the group may belong to root: then at least the part that is ours.
  }
}
