import { isShared } from '../core/index.js';
import type { SharedMedium, Topology } from '../core/index.js';
import { allotNumbers } from './allot.js';
import type { Container, End, Wire } from './plugs.js';

const NUMBERS = { first: 1, size: 1n << 24n };

/** The number of each of these links that is memory, of its socket or of its interface, the same in every VPP that has an end: 1 to 16777216. */
export function sharedNumbers(topology: string, links: readonly string[]): ReadonlyMap<string, number> {
  return allotNumbers(`${topology}/shared`, links, NUMBERS);
}

/**
 * The memory that a container's end shares in place of a wire: what the file says; where it leaves that open memif, if another VPP of the
 * same host is at the other end and nothing is asked for that only a queue of the kernel's can do.
 */
export function sharedMedium(
  topology: Topology,
  { ends }: Wire,
  end: Extract<End, { is: 'service' }>,
): SharedMedium | undefined {
  const { via } = end.plug;
  if (via !== undefined) return isShared(via) ? via : undefined;
  const other = ends.find(e => e !== end)!;
  const isOpen = other.plug.via === undefined && ends.every(({ plug }) => plug.impair === undefined);
  return isOpen && end.at.hasVpp && hasVpp(topology, other, end.at) ? 'memif' : undefined;
}

/** Whether the VPP of a switch, or one in a container, is on the host of a container. */
function hasVpp({ switches }: Topology, end: End, { host }: Container): boolean {
  if (end.is === 'service') return end.at.hasVpp && end.at.host === host;
  const on = end.is === 'switch' ? switches[end.name] : undefined;
  return on?.kind === 'vpp' && on.hosts.some(h => h.host === host);
}
