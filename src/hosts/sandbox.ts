import { readFile } from 'node:fs/promises';
import type { Host } from '../core/index.js';
import { hostError } from './errors.js';
import { openConfigured } from './ssh.js';
import type { HostOptions, HostTarget } from './target.js';

/** A sandbox host: by ssh like any other, with what its run directory on this machine says. */
export async function openSandbox(target: HostTarget, sandbox: string, options: HostOptions): Promise<Host> {
  const run = `/run/topo/sandbox/${sandbox}`;
  const config = {
    hostname: await addressOf(target.name, sandbox, run),
    user: 'root',
    port: 22,
    identityFiles: [`${run}/key`],
    identitiesOnly: true,
    agent: undefined,
    userKnownHosts: [`${run}/known_hosts`],
    globalKnownHosts: [],
    strict: 'yes' as const,
    hostKeyAlias: undefined,
    connectTimeout: undefined,
    family: undefined,
    jumps: [],
    beyond: undefined,
  };
  return openConfigured({ ...target, acceptNewHostKey: false }, config, options);
}

async function addressOf(host: string, sandbox: string, run: string): Promise<string> {
  try {
    return (await readFile(`${run}/address`, 'utf8')).trim();
  } catch (cause) {
    const absent = (cause as { code?: string }).code === 'ENOENT';
    const message = absent
      ? `sandbox host ${sandbox} is not there`
      : `sandbox host ${sandbox} can only be reached by root`;
    throw hostError(host, absent ? 'sandbox.absent' : 'sandbox.permission', message, {
      hint: absent ? 'bring it up first: topo up, or topo sandbox up' : 'run topo with sudo',
      cause,
    });
  }
}
