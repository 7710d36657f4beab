import {
  CONTEXT_NAME,
  EXIT,
  TopoError,
  describeLogin,
  isDataplanes,
  parseLogin,
  valeCtlOf,
  vppctlOf,
} from '../core/index.js';
import type { Resolved, ResolvedHost } from '../core/index.js';
import type { HostTarget } from '../hosts/index.js';
import type { KnownHosts } from './known.js';

/** How each declared host is reached. */
export function targetsOf(resolved: Resolved): readonly HostTarget[] {
  return resolved.hosts.map(host => ({
    name: host.name,
    form: host.form,
    acceptNewHostKey: host.acceptNewHostKey,
    ...(host.sudo === undefined ? {} : { sudo: host.sudo }),
    ...(host.dockerSocket === undefined ? {} : { dockerSocket: host.dockerSocket }),
    ...(host.transport === undefined ? {} : { transport: host.transport }),
    ...(host.sandbox === undefined ? {} : { sandbox: host.sandbox }),
    ...dataplanesOf(resolved, host),
  }));
}

/** A dataplane is asked where a switch is one; VPP, too, where a container has its own, or the file says how to ask it. */
function dataplanesOf(resolved: Resolved, { name, vppctl }: ResolvedHost): Pick<HostTarget, 'dataplanes'> {
  const { stacks, switches } = resolved;
  const hasVpp = switches.some(s => s.kind === 'vpp' && s.hosts.some(h => h.host === name));
  const hasVale = switches.some(s => s.kind === 'vale' && s.host === name);
  const hasInside = stacks.some(s => s.host === name && s.services.some(one => one.userspace));
  const dataplanes = {
    ...((hasVpp || hasInside || vppctl) && { vpp: vppctlOf(resolved, name) }),
    ...(hasVale && { vale: valeCtlOf(resolved, name) }),
  };
  return Object.keys(dataplanes).length > 0 ? { dataplanes } : {};
}

/**
 * Hosts that earlier runs used and the file no longer names: what is left there has to go. Sandboxes are not among
 * them: this machine's own inventory tells of those.
 */
export function leavingTargets(known: KnownHosts, declared: readonly HostTarget[]): readonly HostTarget[] {
  const names = new Set(declared.map(t => t.name));
  return Object.values(known).filter(t => !names.has(t.name) && t.sandbox === undefined);
}

/** A declared host is asked for what earlier runs used there, too: a switch that the file no longer has is still to go. */
export function withKnown(target: HostTarget, known: KnownHosts): HostTarget {
  const dataplanes = { ...known[target.name]?.dataplanes, ...target.dataplanes };
  return Object.keys(dataplanes).length === 0 ? target : { ...target, dataplanes };
}

/** Whether this machine has to be read for the topology: it is where sandboxes live. */
export function needsOperator(targets: readonly HostTarget[], known: KnownHosts): boolean {
  return [...targets, ...Object.values(known)].some(t => t.sandbox !== undefined);
}

/** A host as a flag names it: `local`, `ssh://[user@]host[:port]` or `context:NAME`. Throws `host.form`. */
export function parseTarget(text: string): HostTarget {
  if (text === 'local') return { name: 'local', form: { is: 'local' }, acceptNewHostKey: false };
  const login = text.startsWith('ssh://') ? parseLogin(text) : undefined;
  if (login) return { name: login.address, form: { is: 'ssh', ...login }, acceptNewHostKey: false };
  const context = /^context:(.*)$/.exec(text)?.[1];
  if (context !== undefined && CONTEXT_NAME.test(context))
    return { name: context, form: { is: 'context', context }, acceptNewHostKey: false };
  throw new TopoError(`'${text}' is not a host`, {
    code: 'host.form',
    who: 'user',
    exit: EXIT.invalid,
    hint: 'write local, ssh://[user@]host[:port], or context:NAME',
  });
}

/** What a host or an earlier run wrote down of a host, looked at before it is believed: undefined where it is no such thing. */
export function asTarget(recorded: unknown): HostTarget | undefined {
  if (typeof recorded !== 'object' || recorded === null) return undefined;
  const { name, form, sandbox, transport, dataplanes = {} } = recorded as Partial<HostTarget>;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9.-]*$/i.test(name) || typeof form !== 'object')
    return undefined;
  if (form.is === 'ssh' && !parseLogin(describeLogin(form))) return undefined;
  if (form.is === 'context' && !CONTEXT_NAME.test(form.context)) return undefined;
  if (form.is === 'sandbox' && !/^[a-z][a-z0-9-]*$/.test(sandbox ?? '')) return undefined;
  if (!['ssh2', 'openssh', undefined].includes(transport) || !isDataplanes(dataplanes)) return undefined;
  return ['local', 'ssh', 'sandbox', 'context'].includes(form.is) ? (recorded as HostTarget) : undefined;
}
