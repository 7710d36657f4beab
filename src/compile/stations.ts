import { familyOf, withoutLength } from '../core/index.js';
import type { HostName, HostView, Resolved, ResolvedSegment } from '../core/index.js';
import { hostsOfLink } from './link-hosts.js';

/** Something on a segment whose MAC is known. */
export interface Station {
  /** On which of the segment's hosts its frames come in. */
  readonly host: HostName;
  readonly mac: string;
  /** Without lengths. */
  readonly addresses: readonly string[];
  /** The link that it is on; absent: it is on a network stretched over the segment. */
  readonly link?: string;
}

/** The ports of a switch that the file declares, on all of its hosts, in document order. */
export function stationsOf(resolved: Resolved, on: { readonly name: string }): readonly Station[] {
  return resolved.links.flatMap(link => {
    const hosts = hostsOfLink(resolved, link);
    return link.ends.flatMap((own, n) => {
      const other = link.ends[1 - n]!;
      if (own.is !== 'switch' || own.switch !== on.name || other.is !== 'service') return [];
      const addresses = other.addresses.map(withoutLength);
      return [{ host: hosts[n]!, mac: other.mac, addresses, link: link.name }];
    });
  });
}

/** The running containers on the networks stretched over a segment, with what their engines gave them; by name, so that order is no matter of age. */
export function containersOn(
  { stacks }: Resolved,
  on: ResolvedSegment,
  views: ReadonlyMap<HostName, HostView>,
): readonly Station[] {
  return stacks.flatMap(({ host, networks }) =>
    networks
      .filter(network => network.stretch === on.name)
      .flatMap(({ name, subnets }) => {
        const families = new Set(subnets.map(s => familyOf(s.subnet)));
        const all = views.get(host)?.inventory.containers ?? [];
        return all
          .filter(({ state }) => state === 'running')
          .toSorted((a, b) => (a.name < b.name ? -1 : 1))
          .flatMap(({ networks: { [name]: end } }): readonly Station[] => {
            if (!end || end.mac === '') return [];
            const addresses = [end.ipv4, end.ipv6].filter(a => a !== '' && families.has(familyOf(a)));
            return [{ host, mac: end.mac, addresses }];
          });
      }),
  );
}
