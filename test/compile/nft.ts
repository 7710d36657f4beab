import { contains, parseAddress, parsePrefix } from '../../src/core/index.js';
import type { GuardSpec } from '../../src/kinds/index.js';

/** A packet on its way through a host; an empty device: it comes from, or goes to, the host itself. */
export interface Packet {
  readonly iif: string;
  readonly oif: string;
  readonly saddr: string;
  readonly daddr: string;
  /** What somebody else's DNAT made of the destination, after all of prerouting. */
  readonly dnat?: string;
  /** Whether it answers a packet that went the other way. */
  readonly reply?: true;
}

/** What became of a packet in topo's own tables. */
export interface Passage {
  readonly dropped: boolean;
  readonly mark: number;
  /** Whether its source address is kept from Docker's masquerade. */
  readonly kept: boolean;
}

/**
 * What tables of topo's own make of a packet, told by interpreting the text of their rules: prerouting, then forward (or input
 * where it is for the host), then postrouting. A drop in any base chain is final, an accept ends that chain only (nft(8)).
 * Throws at a statement that it does not know, so that no rule goes untested.
 */
export function passThrough(tables: readonly GuardSpec[], packet: Packet): Passage {
  const hooks = ['prerouting', packet.oif === '' ? 'input' : 'forward', 'postrouting'];
  let passage: Passage = { dropped: false, mark: 0, kept: false };
  for (const hook of hooks) {
    const seen = hook === 'prerouting' ? packet : { ...packet, daddr: packet.dnat ?? packet.daddr };
    const chains = tables.flatMap(t => t.chains).filter(chain => chain.hook === hook);
    for (const chain of chains.sort((a, b) => a.priority - b.priority)) {
      for (const rule of chain.rules) {
        const { verdict, mark } = applyRule(rule, seen, passage.mark);
        passage = {
          ...passage,
          mark,
          dropped: passage.dropped || verdict === 'drop',
          kept: passage.kept || verdict === 'snat',
        };
        if (verdict !== undefined) break;
      }
      if (passage.dropped) return passage;
    }
  }
  return passage;
}

type Verdict = 'accept' | 'drop' | 'snat' | undefined;

/** The matches of a rule from the left; what follows the last one is what it does. */
function applyRule(rule: string, packet: Packet, mark: number): { verdict: Verdict; mark: number } {
  let rest = rule;
  for (;;) {
    const match = MATCHES.find(([pattern]) => pattern.test(rest));
    if (!match) break;
    const [pattern, holds] = match;
    const groups = pattern.exec(rest)!;
    if (!holds(groups.slice(1), packet, mark)) return { verdict: undefined, mark };
    rest = rest.slice(groups[0].length);
  }
  const set = /^meta mark set meta mark \| (0x[0-9a-f]+)$/.exec(rest);
  if (set) return { verdict: undefined, mark: mark | Number(set[1]) };
  if (rest === 'snat ip to ip saddr') return { verdict: 'snat', mark };
  if (rest === 'accept' || rest === 'drop') return { verdict: rest, mark };
  throw new Error(`nobody knows what this rule does: ${rest}`);
}

type Holds = (groups: readonly string[], packet: Packet, mark: number) => boolean;

const MATCHES: readonly (readonly [RegExp, Holds])[] = [
  [/^iifname "(\S+)" /, ([name], p) => p.iif === name],
  [/^oifname "(\S+)" /, ([name], p) => p.oif === name],
  [/^ip saddr \{ ([^}]*) \} /, ([set], p) => within(p.saddr, set!)],
  [/^ip daddr \{ ([^}]*) \} /, ([set], p) => within(p.daddr, set!)],
  [/^iifname \. ip saddr \{ ([^}]*) \} /, ([set], p) => pairWithin(p.iif, p.saddr, set!)],
  [/^iifname \. oifname \{ ([^}]*) \} /, ([set], p) => set!.split(', ').includes(`"${p.iif}" . "${p.oif}"`)],
  [/^ct state != \{ established, related \} /, (_, p) => !p.reply],
  [/^ct status & dnat == 0 /, (_, p) => p.dnat === undefined],
  [/^oifname \. ip daddr \{ ([^}]*) \} /, ([set], p) => pairWithin(p.oif, p.daddr, set!)],
  [
    /^meta mark & (0x[0-9a-f]+) == (0x[0-9a-f]+) /,
    ([mask, value], _, mark) => (mark & Number(mask)) === Number(value),
  ],
];

function within(address: string, set: string): boolean {
  return set.split(', ').some(subnet => contains(parsePrefix(subnet)!, parseAddress(address)!));
}

function pairWithin(device: string, address: string, set: string): boolean {
  return set.split(', ').some(pair => {
    const [name, subnet] = pair.split(' . ') as [string, string];
    return name === `"${device}"` && within(address, subnet);
  });
}
