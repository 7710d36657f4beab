import { overlap, parsePrefix } from '../core/index.js';
import type { Diagnostic, HostView, Resolved, VppHost } from '../core/index.js';
import { isMarked } from '../kinds/index.js';
import { placeOf } from './clash-words.js';

/** A gateway in a subnet in which VPP has an address already: VPP has one interface for each (`reference/vpp`: "conflicts with"). */
export function bviClashes(
  resolved: Resolved,
  { host, bvi, path }: VppHost,
  { inventory: { vpp } }: HostView,
): readonly Diagnostic[] {
  const theirs = (vpp?.interfaces ?? [])
    .filter(i => !isMarked(i, resolved.name))
    .flatMap(({ name, addresses }) => addresses.map(address => ({ name, address })));
  return bvi.flatMap(text => {
    const own = parsePrefix(text)!;
    const other = theirs.find(({ address }) => overlap(own, parsePrefix(address)!));
    return other
      ? [
          {
            severity: 'error',
            code: 'address.taken',
            host,
            ...placeOf(resolved, [...path, 'bvi']),
            summary: `bvi ${text} is in the subnet of ${other.address}, which ${other.name} of VPP on ${host} has`,
            hint: 'give the switch another subnet, or take the address off that interface',
          },
        ]
      : [];
  });
}
