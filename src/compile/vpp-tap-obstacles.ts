import type { Diagnostic, HostName, HostView, Resolved, ResolvedVpp } from '../core/index.js';
import { placeOf } from './clash-words.js';
import { vppEnds } from './vpp-ends.js';

/** VPP makes a tap by the kernel's vhost-net alone: it is looked for where VPP itself sees it. */
export function withoutVhostNet(
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
  { inventory: { vpp } }: HostView,
): readonly Diagnostic[] {
  const tapped = vppEnds(resolved, on, host).find(({ end }) => end.tap !== undefined);
  if (!tapped || vpp?.vhostNet !== false) return [];
  const { link, other } = tapped;
  return [
    {
      severity: 'error',
      code: 'vpp.vhost-net',
      host,
      ...placeOf(resolved, [...other.path, 'via']),
      summary: `VPP on ${host} sees no /dev/vhost-net, so it can make no tap, as link ${link.name} is to be`,
      hint: 'modprobe vhost_net there, and where VPP runs in a container, docker run --device /dev/vhost-net; or leave `via: tap` out: the port is a veth pair then',
    },
  ];
}
