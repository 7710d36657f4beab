import {
  contains,
  familyName,
  formatAddress,
  formatPrefix,
  nth,
  parseAddress,
  parseInterface,
  size,
} from '../core/index.js';
import type { Prefix } from '../core/index.js';
import { clash, fabricPath } from './sight.js';
import type { Sight } from './sight.js';
import type { Finding } from './finding.js';

/** A stack's network on a switch. */
export interface Member {
  readonly stack: string;
  readonly network: string;
  /** The overlay addresses that the file gives. */
  readonly addresses: readonly string[];
  readonly subnets: readonly string[];
}

/** Overlay addresses of the file: inside the switch's subnet, one a stack and family, and each once. */
export function checkAddresses(
  sight: Sight,
  name: string,
  subnets: readonly Prefix[],
  members: readonly Member[],
): readonly Finding[] {
  const given = members.flatMap(member => member.addresses.map((text, n) => oneOf(sight, member, text, n)));
  const byAddress = new Map<string, Given>();
  const byStack = new Map<string, Given>();
  return given.flatMap((one): readonly Finding[] => {
    const { path, stack, address } = one;
    const wrong = wrongAddress(one, name, subnets);
    if (wrong) {
      const { code, summary, hint } = wrong;
      return [clash(sight, code, summary, path, hint === undefined ? {} : { hint })];
    }
    const key = `${stack} ${one.family}`;
    const sameStack = byStack.get(key);
    const holder = byAddress.get(address);
    if (!sameStack) byStack.set(key, one);
    if (!holder) byAddress.set(address, one);
    if (sameStack && sameStack.address !== address) {
      const summary = `stack "${stack}" has a second overlay address on switch "${name}": it has one`;
      return [clash(sight, 'value.conflict', summary, path, { other: sameStack.path })];
    }
    if (!holder || holder.stack === stack) return [];
    const summary = `overlay address ${address} is that of stack "${holder.stack}" already`;
    return [clash(sight, 'address.taken', summary, path, { other: holder.path })];
  });
}

/** An overlay address of the file; `address` is spelt as all are (RFC 5952). */
interface Given {
  readonly stack: string;
  readonly text: string;
  readonly address: string;
  readonly family: 4 | 6;
  readonly length: number | undefined;
  readonly path: ReturnType<typeof fabricPath>;
}

function oneOf(sight: Sight, { stack, network }: Member, text: string, n: number): Given {
  const whole = parseInterface(text);
  const address = whole?.address ?? parseAddress(text)!;
  const path = fabricPath(sight.root, stack, network, 'address', n);
  const { family } = address;
  return { stack, text, address: formatAddress(address), family, length: whole?.length, path };
}

function wrongAddress(
  { text, address: spelt, family, length }: Given,
  name: string,
  subnets: readonly Prefix[],
): { code: string; summary: string; hint?: string } | undefined {
  const subnet = subnets.find(s => s.family === family);
  if (!subnet) {
    const summary = `overlay address ${text} is ${familyName(family)}, and switch "${name}" has no subnet of that`;
    return { code: 'address.outside', summary };
  }
  const address = parseAddress(spelt)!;
  const whole = formatPrefix(subnet);
  if (!contains(subnet, address)) {
    const example = formatAddress(nth(subnet, size(subnet) > 2n ? 2n : 0n));
    return {
      code: 'address.outside',
      summary: `overlay address ${text} is not in ${whole}, the subnet of switch "${name}"`,
      hint: `such as ${example}`,
    };
  }
  if (length !== undefined && length !== subnet.length) {
    return {
      code: 'value.conflict',
      summary: `overlay address ${text} has another length than ${whole}, the subnet of switch "${name}"`,
    };
  }
  const edge = edgeOf(subnet, address.value);
  return edge && { code: 'address.outside', summary: `overlay address ${spelt} is the ${edge} of ${whole}` };
}

/**
 * What an address is that no host may have: IPv6 has no broadcast, and its first address is the routers' (RFC 4291, section
 * 2.6.1). Networks of one or two addresses have neither (RFC 3021, RFC 6164).
 */
export function edgeOf(
  subnet: Prefix,
  value: bigint,
): 'network address' | 'broadcast address' | 'subnet-router anycast address' | undefined {
  if (size(subnet) <= 2n) return undefined;
  if (value === subnet.base) return subnet.family === 4 ? 'network address' : 'subnet-router anycast address';
  const isLast = value === subnet.base + size(subnet) - 1n;
  return subnet.family === 4 && isLast ? 'broadcast address' : undefined;
}
