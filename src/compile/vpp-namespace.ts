import { isShared } from '../core/index.js';
import type { Diagnostic, HostView, Resolved, ResolvedVpp, VppHost } from '../core/index.js';
import { placeOf } from './clash-words.js';
import { portMedium, vppEnds } from './vpp-ends.js';

/** A VPP in a network namespace of its own sees no device of the host, and the host none of its: only what needs none can be a port of it. */
export function vppApart(
  resolved: Resolved,
  on: ResolvedVpp,
  { host, uplink, path }: VppHost,
  { facts, inventory: { vpp } }: HostView,
): readonly Diagnostic[] {
  if (vpp?.netns === undefined || vpp.netns === facts.netns) return [];
  const isOwn = vpp.interfaces.some(i => i.name === uplink);
  const port = uplink !== undefined && !isOwn ? `uplink ${uplink}` : portOnDevice(resolved, on, host);
  if (port === undefined) return [];
  return [
    {
      severity: 'error',
      code: 'vpp.namespace',
      host,
      ...placeOf(resolved, path),
      summary: `VPP on ${host} is in a network namespace of its own, and sees no device of the host: ${port} can't be a port of switch ${on.name}`,
      hint: 'run it in that of the host (docker run --network host); a BVI, memif, vhost-user and interfaces that VPP owns need no device',
    },
  ];
}

function portOnDevice(resolved: Resolved, on: ResolvedVpp, host: string): string | undefined {
  const found = vppEnds(resolved, on, host).find(port => !isShared(portMedium(port)));
  return found && `link ${found.link.name}`;
}
