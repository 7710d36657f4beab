import { formatPrefix, nth, parsePrefix, size } from './ip.js';
import type { Address, Prefix } from './ip.js';
import type { HostName } from './names.js';
import type { NetworkDeclaration, Topology } from './topology.js';

/** A network of a stack that is one with those of other hosts. */
export interface Stretched {
  readonly stack: string;
  readonly host: HostName;
  readonly key: string;
  readonly network: NetworkDeclaration;
}

type Pieces = Pick<Topology, 'hosts' | 'stacks'>;

/** The networks on a segment, in the order of their hosts: that is the order in which they get their parts of the subnet. */
export function stretchedOn({ hosts, stacks }: Pieces, on: string): readonly Stretched[] {
  const order = Object.keys(hosts);
  return Object.entries(stacks)
    .flatMap(([stack, { host, networks }]) =>
      Object.entries(networks).flatMap(([key, network]): Stretched[] =>
        network.stretch === on ? [{ stack, host, key, network }] : [],
      ),
    )
    .sort((a, b) => order.indexOf(a.host) - order.indexOf(b.host));
}

/** Engine 20.10 can't begin an IPv6 range beyond the 2^63rd address of its subnet ("invalid bit range"): no part needs to be larger. */
const LARGEST_IPV6_PART = 96;

/**
 * The part of a subnet from which the n-th of several engines gives addresses: equal ones, as many as the next power of two; of a large
 * IPv6 subnet a /96 each, whatever the number.
 */
export function partOf(
  { family, base, length: whole }: Prefix,
  n: number,
  count: number,
): Prefix | undefined {
  const equal = whole + Math.ceil(Math.log2(count));
  const length = family === 6 ? Math.max(equal, LARGEST_IPV6_PART) : equal;
  if (length > (family === 4 ? 32 : 128)) return undefined;
  const part = { family, base, length };
  return { ...part, base: base + BigInt(n) * size(part) };
}

/** What an engine gives addresses from on a network: what the file says, else its part. */
export function rangeOn(
  topology: Pieces,
  on: string,
  stack: string,
  { subnet, range }: NetworkDeclaration['subnets'][number],
): string | undefined {
  if (range !== undefined) return range;
  const all = stretchedOn(topology, on);
  const n = all.findIndex(s => s.stack === stack);
  const part = partOf(parsePrefix(subnet)!, n, all.length);
  return part && formatPrefix(part);
}

/** The one gateway address of a subnet on all hosts, where the file does not say it: its first. */
export function firstAddress(subnet: string): Address {
  return nth(parsePrefix(subnet)!, 1n);
}
