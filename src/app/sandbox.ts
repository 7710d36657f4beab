import { nearest, OPERATOR, PLAIN_NAME, TopoError } from '../core/index.js';
import type { Host, SandboxState, Step } from '../core/index.js';
import {
  createSandbox,
  parseSandboxList,
  removeSandbox,
  sandboxAddresses,
  sandboxRunDirectory,
  scriptArgv,
} from '../tools/index.js';
import { connections } from './connections.js';
import type { Context } from './types.js';

/** An engine and an sshd start within seconds; a loaded machine takes its time. */
const START_MS = 120_000;

/** How plain `ssh` gets into a sandbox. Paths are of this machine. */
export interface SandboxLogin {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  readonly key: string;
  readonly knownHosts: string;
}

/** Makes independent sandboxes, or what is missing of them, one after the other. Throws where one belongs to a topology. */
export async function sandboxUp(
  context: Context,
  options: { readonly names: readonly string[]; readonly engine?: string },
): Promise<readonly SandboxState[]> {
  return withOperator(context, async host => {
    options.names.forEach(mustBeName);
    const existing = await list(host);
    options.names.forEach(name => mustBeFree(name, existing));
    const addresses = sandboxAddresses(options.names, existing);
    for (const name of options.names) {
      context.signal.throwIfAborted();
      context.emit({ type: 'phase', phase: 'apply', text: `bringing up sandbox host ${name}` });
      const engine = options.engine ?? existing.find(s => s.name === name)?.engine ?? '';
      await run(host, createSandbox({ name, topology: '', address: addresses.get(name)!, engine }));
    }
    return (await list(host)).filter(state => options.names.includes(state.name));
  });
}

/** All sandboxes of this machine, those of topologies included, sorted by name. */
export async function sandboxList(context: Context): Promise<readonly SandboxState[]> {
  return withOperator(context, list);
}

/** Removes independent sandboxes with all that is in them. Throws where one is unknown or belongs to a topology. */
export async function sandboxDown(context: Context, names: readonly string[]): Promise<void> {
  return withOperator(context, async host => {
    const existing = await list(host);
    for (const name of names) {
      mustBeFree(name, existing);
      if (!existing.some(state => state.name === name)) throw unknown(name, existing);
    }
    for (const name of names) {
      context.signal.throwIfAborted();
      context.emit({ type: 'phase', phase: 'apply', text: `removing sandbox host ${name}` });
      await run(host, removeSandbox(name));
    }
  });
}

/** How to get into the given sandboxes, or into all that are there. Throws where one is unknown. */
export async function sandboxLogins(
  context: Context,
  names: readonly string[],
): Promise<readonly SandboxLogin[]> {
  const existing = await sandboxList(context);
  const missing = names.find(name => !existing.some(state => state.name === name));
  if (missing !== undefined) throw unknown(missing, existing);
  return existing
    .filter(state => names.length === 0 || names.includes(state.name))
    .map(({ name, address }) => {
      const directory = sandboxRunDirectory(name);
      return { name, address, user: 'root', key: `${directory}/key`, knownHosts: `${directory}/known_hosts` };
    });
}

async function withOperator<T>(context: Context, use: (host: Host) => Promise<T>): Promise<T> {
  const links = connections([], { ...context, emit: () => undefined });
  try {
    return await use(await links.host(OPERATOR));
  } finally {
    await links.close();
  }
}

async function list(host: Host): Promise<readonly SandboxState[]> {
  const { code, stdout, stderr } = await host.exec(scriptArgv('sandbox-list', []));
  if (code !== 0) throw failed('the sandbox hosts of this machine cannot be listed', stderr);
  return parseSandboxList(stdout);
}

async function run(host: Host, step: Step): Promise<void> {
  if (step.via !== 'script')
    throw new TopoError(`${step.label} is no script`, { code: 'bug.step', who: 'topo' });
  const { code, stderr } = await host.exec(scriptArgv(step.name, step.args), { timeoutMs: START_MS });
  if (code !== 0) throw failed(`${step.label}: ended with ${code}`, stderr);
}

function failed(message: string, stderr: string): TopoError {
  const said = stderr.trim();
  const hint = 'simulated hosts need Linux, root, dockerd, sshd and iproute2 on this machine';
  return new TopoError(said === '' ? message : `${message}: ${said}`, {
    code: 'sandbox.failed',
    who: 'host',
    hint,
  });
}

function mustBeName(name: string): void {
  if (PLAIN_NAME.test(name)) return;
  const hint = 'lower-case letters, digits and dashes, a letter first, 31 characters at most';
  throw new TopoError(`${JSON.stringify(name)} cannot be a sandbox host's name`, {
    code: 'sandbox.name',
    who: 'user',
    hint,
  });
}

function mustBeFree(name: string, existing: readonly SandboxState[]): void {
  const owner = existing.find(state => state.name === name)?.topology ?? '';
  if (owner === '') return;
  const hint = `it comes and goes with topo up and topo down of ${owner}; take another name`;
  const code = 'sandbox.owned';
  throw new TopoError(`sandbox host ${name} belongs to topology ${owner}`, { code, who: 'user', hint });
}

function unknown(name: string, existing: readonly SandboxState[]): TopoError {
  const meant = nearest(
    name,
    existing.map(state => state.name),
  );
  const hint = meant === undefined ? 'topo sandbox ls shows what is there' : `did you mean ${meant}?`;
  return new TopoError(`there is no sandbox host ${name}`, { code: 'sandbox.unknown', who: 'user', hint });
}
