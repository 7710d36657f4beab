import type { HostName, Resolved, ResolvedEnd, ResolvedLink, ResolvedVpp, SwitchEnd } from '../core/index.js';
import { hostsOfLink } from './link-hosts.js';

/** The ends of links that a VPP switch has on a host, and what is at the other end of each. */
export function vppEnds(
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
): readonly { readonly link: ResolvedLink; readonly end: SwitchEnd; readonly other: ResolvedEnd }[] {
  return resolved.links.flatMap(link =>
    link.ends.flatMap((end, n) => {
      const isHere = end.is === 'switch' && end.switch === on.name && hostsOfLink(resolved, link)[n] === host;
      return isHere ? [{ link, end, other: link.ends[1 - n]! }] : [];
    }),
  );
}
