import { isVxlan } from '../core/index.js';
import type { Topology } from '../core/index.js';
import { allotNumbers } from './allot.js';
import { joinedBy } from './vpp.js';

/** VXLAN network identifiers have 24 bits, and 0 is not one (RFC 7348, and what Linux takes). */
const VNIS = { first: 1, size: (1n << 24n) - 1n };

/** The VNI of every switch that has one: that of the file, else one from the hash of `<topology>/<switch>`. */
export function switchVnis({ name: topology, switches }: Topology): ReadonlyMap<string, number> {
  const all = Object.entries(switches).flatMap(([name, s]) =>
    isVxlan(s) || (s.kind === 'vpp' && joinedBy(s) === 'vxlan') ? [{ name, vni: s.vni }] : [],
  );
  const given = new Map(all.flatMap(({ name, vni }) => (vni === undefined ? [] : [[name, vni] as const])));
  const automatic = all.filter(({ vni }) => vni === undefined).map(({ name }) => name);
  const allotted = allotNumbers(topology, automatic, VNIS, new Set(given.values()));
  return new Map(all.map(({ name, vni }) => [name, vni ?? allotted.get(name)!]));
}

/** A VNI for each link, beside those of the switches: one more switch moves only a link that it meets. */
export function linkVnis(
  topology: string,
  links: readonly string[],
  taken: Iterable<number>,
): ReadonlyMap<string, number> {
  return allotNumbers(`${topology}/link`, links, VNIS, new Set(taken));
}
