import { createHash } from 'node:crypto';
import { OPERATOR, deviceName, resourceId } from '../core/index.js';
import type { SandboxState, Step } from '../core/index.js';
import { sandboxListScript, sandboxScript } from './sandbox-script.js';

/** The scripts by the names that calls use. */
export const sandboxScripts: Readonly<Record<string, string>> = {
  sandbox: sandboxScript,
  'sandbox-list': sandboxListScript,
};

/** What a sandbox host is made of. `engine`: a directory with dockerd and its helpers, or empty for the machine's own. */
export interface SandboxPlan {
  readonly name: string;
  /** The topology it belongs to; empty for an independent one. */
  readonly topology: string;
  readonly address: string;
  readonly engine: string;
}

/** Makes a sandbox, or what is missing of it, and waits until its sshd and its engine answer. */
export function createSandbox({ name, topology, address, engine }: SandboxPlan): Step {
  return {
    ...scriptStep(`sandbox host ${name}`, 'create', name, topology, address, vethOf(name), engine),
    alone: true,
  };
}

/** Removes a sandbox with all that ran in it and all that its engine kept, named volumes too. */
export function removeSandbox(name: string): Step {
  return { ...scriptStep(`remove sandbox host ${name}`, 'remove', name, vethOf(name)), alone: true };
}

/** Ends a sandbox as a power cut would and starts it again with its engine's data. */
export function rebootSandbox(name: string): Step {
  return scriptStep(`reboot sandbox host ${name}`, 'reboot', name);
}

/** Ends a sandbox's engine in order and starts it again; containers end, the network namespace stays. */
export function restartSandboxEngine(name: string): Step {
  return scriptStep(`restart the engine of ${name}`, 'engine', name);
}

function scriptStep(label: string, ...args: readonly string[]): Step {
  return { via: 'script', name: 'sandbox', args, mutates: true, label };
}

/** Where a sandbox's client key, known_hosts and address stand while it exists. */
export function sandboxRunDirectory(name: string): string {
  return `/run/topo/sandbox/${name}`;
}

/** What the `sandbox-list` script says, sorted by name. */
export function parseSandboxList(text: string): readonly SandboxState[] {
  const lines = text.split('\n').filter(line => line !== '');
  return lines.map(parseLine).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function parseLine(line: string): SandboxState {
  const [name = '', topology = '', address = '', running, kept, problems = '', ...engine] = line.split('|');
  return {
    name,
    topology,
    address,
    engine: engine.join('|'),
    running: running === '1',
    kept: kept === '1',
    problems: problems.split(',').filter(problem => problem !== ''),
  };
}

/**
 * The management address of a sandbox: that of the one that exists, else one in 198.18.0.0/16 (RFC 2544, for labs; .0.1 is
 * the operator's) by hash of the name, the next free one where another sandbox holds it. Sandboxes that are allotted
 * together have to be passed on from one call to the next: see {@link sandboxAddresses}.
 */
export function sandboxAddress(
  name: string,
  existing: readonly Pick<SandboxState, 'name' | 'address'>[],
): string {
  const own = existing.find(s => s.name === name && s.address !== '');
  if (own) return own.address;
  const taken = new Set(existing.map(s => s.address));
  const first = createHash('sha256').update(name).digest().readUInt32BE(0);
  for (let i = 0; i < POOL; i++) {
    const host = ((first + i) % POOL) + 2;
    const address = `198.18.${host >> 8}.${host & 255}`;
    if (!taken.has(address)) return address;
  }
  throw new RangeError('198.18.0.0/16 has no address left for another sandbox host');
}

/** The addresses of several sandboxes, allotted in the order given, none twice. */
export function sandboxAddresses(
  names: readonly string[],
  existing: readonly Pick<SandboxState, 'name' | 'address'>[],
): ReadonlyMap<string, string> {
  const known = [...existing];
  for (const name of names) known.push({ name, address: sandboxAddress(name, known) });
  return new Map(names.map(name => [name, known.find(s => s.name === name)!.address]));
}

/** 198.18.0.2 to 198.18.255.254. */
const POOL = 65_533;

function vethOf(name: string): string {
  return deviceName(resourceId(OPERATOR, 'sandbox', name));
}
