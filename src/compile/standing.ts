import { markPrefix, resourceId, shortMark } from '../core/index.js';
import type { FdbEntry, HostName, HostView, Link, Resolved } from '../core/index.js';
import { everywhere } from './everywhere.js';

/**
 * The tunnel of a link as it stands on a host, wherever its device is: where the far host was not read this time, what leads there
 * stays as it is.
 */
export function standingTunnel(
  { name: topology }: Resolved,
  view: HostView | undefined,
  host: HostName,
  link: string,
): Link | undefined {
  const mark = `${shortMark(topology, resourceId(host, 'tunnel', link))} `;
  return everywhere(view).find(l => l.alias.startsWith(mark));
}

/** The entries of a segment's device that lead to none of the hosts that were read. */
export function standingEntries(
  view: HostView | undefined,
  device: string,
  known: ReadonlySet<string>,
): readonly { readonly mac: string; readonly dst: string }[] {
  const away = ({ dev, dst, state }: FdbEntry): boolean =>
    dev === device && dst !== undefined && state !== '' && !known.has(dst);
  return (view?.inventory.fdb ?? []).filter(away).map(({ mac, dst }) => ({ mac, dst: dst! }));
}

/** The permanent neighbours on a segment's bridge whose MACs are behind hosts that were not read. */
export function standingNeighbours(
  view: HostView | undefined,
  bridge: string,
  behind: ReadonlySet<string>,
): readonly { readonly address: string; readonly mac: string }[] {
  return (view?.inventory.neighbours ?? []).flatMap(({ dev, address, mac, permanent }) =>
    dev === bridge && permanent && mac !== undefined && behind.has(mac) ? [{ address, mac }] : [],
  );
}

/** The MTU (bytes) of a segment's device as it stands. */
export function standingMtu(
  { name: topology }: Resolved,
  view: HostView | undefined,
  device: string,
): number | undefined {
  const ours = (l: Link): boolean => l.name === device && l.alias.startsWith(markPrefix(topology));
  return view?.inventory.links.find(ours)?.mtu;
}
