import { formatPrefix, parsePrefix, prefixOf, type Prefix } from './ip.js';

/**
 * What one thing of a host can have at a time, in words: `port 8080/tcp`, `subnet 172.30.0.0/16`. Subnets are in each other's
 * way where they overlap, all else where it is the same.
 */
export type Claim = string;

/** The claim to a subnet, in its one spelling. `of`: where, if not among the host's own. */
export function subnetClaim(subnet: string, of?: string): Claim {
  const prefix = parsePrefix(subnet);
  return `${of === undefined ? '' : `${of} `}subnet ${prefix ? formatPrefix(prefix) : subnet}`;
}

/** A claim and, of a subnet, all those that it lies in: two claims are in each other's way where one is among these of the other. */
export function aroundClaim(claim: Claim): readonly Claim[] {
  const [, where = '', text = ''] = SUBNET.exec(claim) ?? [];
  const prefix = parsePrefix(text);
  return prefix ? around(prefix).map(p => `${where}${formatPrefix(p)}`) : [claim];
}

const SUBNET = /^((?:\S+ )?subnet )(\S+)$/;

function around({ family, base, length }: Prefix): readonly Prefix[] {
  return Array.from({ length: length + 1 }, (_, shorter) => prefixOf({ family, value: base }, shorter));
}
