import type { HostName, Resolved, ResolvedSegment } from '../core/index.js';
import { hostsOfLink } from './link-hosts.js';

/** Something on a segment that the file gives its MAC. */
export interface Station {
  /** On which of the segment's hosts its frames come in. */
  readonly host: HostName;
  readonly mac: string;
  /** Without lengths. */
  readonly addresses: readonly string[];
}

/** The declared ports of a segment on all of its hosts, in document order. */
export function stationsOf(resolved: Resolved, on: ResolvedSegment): readonly Station[] {
  return resolved.links.flatMap(link => {
    const hosts = hostsOfLink(resolved, link);
    return link.ends.flatMap((own, n) => {
      const other = link.ends[1 - n]!;
      if (own.is !== 'switch' || own.switch !== on.name || other.is !== 'service') return [];
      const addresses = other.addresses.map(address => address.split('/')[0]!);
      return [{ host: hosts[n]!, mac: other.mac, addresses }];
    });
  });
}
