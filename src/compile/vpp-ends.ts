import type {
  HostName,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  ResolvedVpp,
  SharedMedium,
  SwitchEnd,
} from '../core/index.js';
import { hostsOfLink } from './link-hosts.js';

/** An end that a VPP switch has, and what is at the other. */
interface VppEnd {
  readonly link: ResolvedLink;
  readonly end: SwitchEnd;
  readonly other: ResolvedEnd;
}

/** The ends of links that a VPP switch has on a host. */
export function vppEnds(resolved: Resolved, on: ResolvedVpp, host: HostName): readonly VppEnd[] {
  return resolved.links.flatMap(link =>
    link.ends.flatMap((end, n) => {
      const isHere = end.is === 'switch' && end.switch === on.name && hostsOfLink(resolved, link)[n] === host;
      return isHere ? [{ link, end, other: link.ends[1 - n]! }] : [];
    }),
  );
}

/** What makes the port of a VPP: a device of the kernel's, by a veth pair where it has none, or one of its own. */
export function portMedium({ end, other }: VppEnd): 'veth' | 'tap' | SharedMedium {
  if (end.tap !== undefined) return 'tap';
  return (other.is === 'service' && other.shared?.via) || 'veth';
}
