import { hostsOfSwitch } from '../core/index.js';
import type { HostName, Resolved, ResolvedEnd, ResolvedLink } from '../core/index.js';

/** The hosts that the two ends of a link are on. A segment is wherever the other end is. */
export function hostsOfLink(
  resolved: Resolved,
  { ends: [a, b] }: ResolvedLink,
): readonly [HostName, HostName] {
  const [first, second] = [hostsOfEnd(resolved, a), hostsOfEnd(resolved, b)];
  const shared = first.find(host => second.includes(host));
  return shared === undefined ? [first[0] ?? '', second[0] ?? ''] : [shared, shared];
}

function hostsOfEnd(resolved: Resolved, end: ResolvedEnd): readonly HostName[] {
  return end.is === 'switch' ? hostsOfSwitch(resolved, end.switch) : [end.host];
}
