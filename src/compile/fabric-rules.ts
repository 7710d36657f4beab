import { familyOf } from '../core/index.js';
import type { Family } from '../core/index.js';
import type { AcceptSpec, GuardSpec } from '../kinds/index.js';

/** What a routed switch declares on one host. */
export interface Fabric {
  readonly device: string;
  /** The host's own stack networks on it. */
  readonly local: readonly { readonly bridge: string; readonly subnet: string }[];
  /** The subnets behind the tunnels. */
  readonly remote: readonly string[];
  readonly hostAccess: boolean;
}

/** The packet mark that says "declared fabric traffic": set in our table ahead of everything, read in Docker's chains. */
export const FABRIC_MARK = '0x10';

/**
 * The nftables chains of one fabric on one host; fabric-rules.md says why they are as they are.
 * `stamp` finds the declared traffic, `guard` and `door` drop everything else, `keep` exempts it from Docker's NAT;
 * `hush`, where there is IPv6, keeps the kernel's own multicast off the tunnels.
 */
export function guardChains(fabric: Fabric): GuardSpec['chains'] {
  const parts = ([4, 6] as const).map(family => partOf(fabric, family)).filter(p => p.local.length > 0);
  const hush = parts.some(p => p.family === 6) ? [hushRule(fabric)] : [];
  return [
    { name: 'stamp', type: 'filter', hook: 'prerouting', priority: -310, rules: parts.flatMap(markRules) },
    { name: 'guard', type: 'filter', hook: 'forward', priority: -10, rules: guardRules(fabric, parts) },
    { name: 'door', type: 'filter', hook: 'input', priority: -10, rules: doorRules(fabric) },
    { name: 'keep', type: 'nat', hook: 'postrouting', priority: 90, rules: parts.flatMap(keepRules) },
    ...hush.map(rule => ({
      name: 'hush',
      type: 'filter' as const,
      hook: 'output' as const,
      priority: -10,
      rules: [rule],
    })),
  ];
}

const MARKED = ['-m', 'mark', '--mark', `${FABRIC_MARK}/${FABRIC_MARK}`];

/** What lets marked traffic through Docker's own chains: one rule each, however many subnets there are. */
export function acceptRules(): AcceptSpec['rules'] {
  return [
    { table: 'filter', chain: 'DOCKER-USER', match: MARKED },
    { table: 'raw', chain: 'PREROUTING', match: MARKED },
  ];
}

/**
 * The same where it is not said that an engine keeps rules with iptables (for IPv6 each does something else, and some filter with
 * nftables): only where there are any, or the host closes FORWARD by itself.
 */
export function acceptRulesIfKept(): AcceptSpec['rules'] {
  return [
    ...acceptRules().map(rule => ({ ...rule, where: 'docker' as const })),
    { table: 'filter', chain: 'FORWARD', match: MARKED, where: 'closed' },
  ];
}

/** A fabric's addresses of one family. `ip`: nft's word for it. */
interface Part extends Omit<Fabric, 'hostAccess'> {
  readonly family: Family;
  readonly ip: 'ip' | 'ip6';
}

function partOf({ device, local, remote }: Fabric, family: Family): Part {
  return {
    device,
    family,
    ip: family === 4 ? 'ip' : 'ip6',
    local: local.filter(l => familyOf(l.subnet) === family),
    remote: remote.filter(subnet => familyOf(subnet) === family),
  };
}

function markRules({ device, ip, local, remote }: Part): readonly string[] {
  const mark = `meta mark set meta mark | ${FABRIC_MARK}`;
  const here = local.map(l => l.subnet);
  return [
    ...when(remote, `iifname "${device}" ${ip} saddr ${set(remote)} ${ip} daddr ${set(here)} ${mark}`),
    `iifname . ${ip} saddr ${pairs(local)} ${ip} daddr ${set([...here, ...remote])} ${mark}`,
  ];
}

function guardRules({ device }: Fabric, parts: readonly Part[]): readonly string[] {
  const into = parts.flatMap(({ ip, local, remote }) =>
    when(
      remote,
      `iifname "${device}" ${ip} saddr ${set(remote)} oifname . ${ip} daddr ${pairs(local)} accept`,
    ),
  );
  const outOf = parts.flatMap(({ ip, local, remote }) =>
    when(
      remote,
      `oifname "${device}" ${ip} daddr ${set(remote)} iifname . ${ip} saddr ${pairs(local)} accept`,
    ),
  );
  const gate = when(parts, ...gateRules(parts));
  return [...into, `iifname "${device}" drop`, ...outOf, `oifname "${device}" drop`, ...gate];
}

/**
 * What else may enter a stack's network: frames within its bridge (which pass here where br_netfilter is on), stacks of the
 * same fabric on this host, replies, and connections to published ports. Engines before 28 leave the rest to the FORWARD
 * policy, and those before 27 keep no IPv6 rules at all.
 */
function gateRules(parts: readonly Part[]): readonly string[] {
  const bridges = parts.flatMap(({ local }) => local.map(l => l.bridge));
  const within = set(bridges.map(bridge => `"${bridge}" . "${bridge}"`));
  const unasked = 'ct state != { established, related } ct status & dnat == 0';
  return [
    `iifname . oifname ${within} accept`,
    ...parts.map(
      ({ ip, local }) => `iifname . ${ip} saddr ${pairs(local)} oifname . ${ip} daddr ${pairs(local)} accept`,
    ),
    ...parts.map(({ ip, local }) => `oifname . ${ip} daddr ${pairs(local)} ${unasked} drop`),
  ];
}

function doorRules({ device, hostAccess }: Fabric): readonly string[] {
  return hostAccess ? [] : [`iifname "${device}" drop`];
}

/** Multicast listener reports and solicitations (RFC 3810, RFC 4861) would be flooded to every peer, and nobody there asks for them. */
function hushRule({ device }: Fabric): string {
  return `oifname "${device}" ip6 daddr ff00::/8 drop`;
}

/** Identity SNAT: a binding made here, ahead of Docker's MASQUERADE (srcnat is 100), leaves the source as it is. */
function keepRules({ ip, local, remote }: Part): readonly string[] {
  const here = local.map(l => l.subnet);
  const marked = `meta mark & ${FABRIC_MARK} == ${FABRIC_MARK}`;
  return [
    `${marked} ${ip} saddr ${set(here)} ${ip} daddr ${set([...here, ...remote])} snat ${ip} to ${ip} saddr`,
  ];
}

function when(some: readonly unknown[], ...rules: readonly string[]): readonly string[] {
  return some.length > 0 ? rules : [];
}

function set(items: readonly string[]): string {
  return `{ ${[...new Set(items)].sort().join(', ')} }`;
}

function pairs(local: Fabric['local']): string {
  return set(local.map(l => `"${l.bridge}" . ${l.subnet}`));
}
