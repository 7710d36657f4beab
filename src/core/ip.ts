import { isIP } from 'node:net';

export type Family = 4 | 6;

/** An address as a number, with its family. */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** An address with a prefix length; `base` has the host bits cleared. */
export interface Prefix {
  readonly family: Family;
  readonly base: bigint;
  readonly length: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Parses an IPv4 or IPv6 address (no zone, no length); undefined where it is none. */
export function parseAddress(text: string): Address | undefined {
  const family = isIP(text);
  if (family === 4) return { family, value: parseV4(text) };
  if (family === 6 && !text.includes('%')) return { family, value: parseV6(text) };
  return undefined;
}

/** Parses `10.0.0.0/8`; host bits may be set (they are cleared in `base`). */
export function parsePrefix(text: string): Prefix | undefined {
  const interfaced = parseInterface(text);
  return interfaced && prefixOf(interfaced.address, interfaced.length);
}

/** Parses `10.0.0.2/24` keeping the host bits: an address as it stands on an interface. */
export function parseInterface(text: string): { address: Address; length: number } | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = match ? parseAddress(match[1]!) : undefined;
  const length = Number(match?.[2]);
  return address && length <= BITS[address.family] ? { address, length } : undefined;
}

/** The prefix of the given length that an address lies in. */
export function prefixOf(address: Address, length: number): Prefix {
  const host = BigInt(BITS[address.family] - length);
  return { family: address.family, base: (address.value >> host) << host, length };
}

/** Whether a prefix contains an address. */
export function contains(prefix: Prefix, address: Address): boolean {
  return prefix.family === address.family && prefixOf(address, prefix.length).base === prefix.base;
}

/** Whether two prefixes share an address. */
export function overlap(a: Prefix, b: Prefix): boolean {
  const shorter = a.length <= b.length ? a : b;
  const longer = shorter === a ? b : a;
  return contains(shorter, { family: longer.family, value: longer.base });
}

/** How many addresses a prefix has, the network's and broadcast's own included. */
export function size(prefix: Prefix): bigint {
  return 1n << BigInt(BITS[prefix.family] - prefix.length);
}

/** The n-th address of a prefix, counted from its base. */
export function nth(prefix: Prefix, n: bigint): Address {
  return { family: prefix.family, value: prefix.base + n };
}

/** An address so many further on, with the length that it may have; undefined where there is none any more. */
export function addressPlus(text: string, more: number): string | undefined {
  const [bare = '', ...length] = text.split('/');
  const address = parseAddress(bare);
  const value = (address?.value ?? 0n) + BigInt(more);
  if (!address || value >= 1n << BigInt(BITS[address.family])) return undefined;
  return [formatAddress({ ...address, value }), ...length].join('/');
}

/** An address as text: dotted quad, or RFC 5952. */
export function formatAddress(address: Address): string {
  return address.family === 4 ? formatV4(address.value) : formatV6(address.value);
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress({ family: prefix.family, value: prefix.base })}/${prefix.length}`;
}

/** An address, alone or with a length, in its one spelling (RFC 5952); any other text as it is. */
export function spellAddress(text: string): string {
  const address = parseAddress(text);
  if (address) return formatAddress(address);
  const interfaced = parseInterface(text);
  return interfaced ? `${formatAddress(interfaced.address)}/${interfaced.length}` : text;
}

/** A prefix in its one spelling, host bits cleared; any other text (`default`) as it is. */
export function spellPrefix(text: string): string {
  const prefix = parsePrefix(text);
  return prefix ? formatPrefix(prefix) : text;
}

/** An address without the length that it may have. */
export function withoutLength(text: string): string {
  return text.replace(/\/\d+$/, '');
}

/** The family of an address, with or without a length; undefined where it is none. */
export function familyOf(text: string): Family | undefined {
  return (parseAddress(text) ?? parseInterface(text)?.address)?.family;
}

/** `IPv4` or `IPv6`, for people. */
export function familyName(family: Family): string {
  return `IPv${family}`;
}

/** The least MTU (bytes) that IPv6 works with (RFC 8200, section 5). */
export const LEAST_IPV6_MTU = 1280;

/** The bytes of an Ethernet frame's payload, where nobody said more (IEEE 802.3). */
export const ETHERNET_MTU = 1500;

/** Bytes that VXLAN puts around an Ethernet payload on an underlay of this family (RFC 7348: outer IP, UDP, VXLAN, inner Ethernet). */
export function vxlanOverhead(underlay: Family): number {
  return underlay === 4 ? 50 : 70;
}

function parseV4(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function parseV6(text: string): bigint {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded) {
    const v4 = parseV4(embedded[2]!);
    text = `${embedded[1]}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  }
  const [head, tail] = text.split('::') as [string, string | undefined];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function formatV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.');
}

function formatV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return groups.join(':');
  return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`;
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
