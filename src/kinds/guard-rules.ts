import { createHash } from 'node:crypto';
import type { Difference } from '../core/index.js';
import type { NftChainText } from '../tools/index.js';

/** A table of topo's own, family inet; all its chains are base chains with the policy accept. */
export interface GuardSpec {
  readonly table: string;
  readonly chains: readonly GuardChain[];
}

/** A base chain. `rules` are nft statements without a comment: topo gives each one of its own. */
export interface GuardChain extends Omit<NftChainText, 'rules'> {
  readonly rules: readonly string[];
}

export interface GuardState {
  readonly family: string;
  readonly table: string;
  readonly chains: readonly FoundChain[];
}

export interface FoundChain {
  readonly name: string;
  /** `filter forward -10 accept`. */
  readonly kind: string;
  /** Per rule, in order: the fingerprint of its text where it bears the resource's mark, else its comment in quotes. */
  readonly rules: readonly string[];
}

/** Eight hex digits of the SHA-256 of a rule's text: what its comment bears after the mark. */
export function ruleFingerprint(rule: string): string {
  return createHash('sha256').update(rule).digest('hex').slice(0, 8);
}

/** What is not as wanted in a table: chains that are missing, extra or hooked elsewhere, and per chain rules that are missing, extra or out of order. */
export function guardDifferences(want: GuardSpec, have: GuardState): readonly Difference[] {
  const wanted = new Set(want.chains.map(chain => chain.name));
  return [
    ...want.chains.flatMap(chain =>
      ofChain(
        chain,
        have.chains.find(c => c.name === chain.name),
      ),
    ),
    ...have.chains
      .filter(chain => !wanted.has(chain.name))
      .map(chain => ({ field: `chain ${chain.name}`, have: 'present', want: 'absent' })),
  ];
}

function ofChain(want: GuardChain, have: FoundChain | undefined): readonly Difference[] {
  const field = `chain ${want.name}`;
  if (!have) return [{ field, have: 'missing', want: 'present' }];
  const kind = `${want.type} ${want.hook} ${want.priority} accept`;
  const hooked = kind === have.kind ? [] : [{ field, have: have.kind, want: kind }];
  return [...hooked, ...ofRules(want, have)];
}

/** One rule is named; where more of a chain differ, their sets of subnets would drown everything else: then it is counted. */
function ofRules(want: GuardChain, have: FoundChain): readonly Difference[] {
  const rest = [...have.rules];
  const missing = want.rules.filter(rule => {
    const at = rest.indexOf(ruleFingerprint(rule));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  const inOrder = want.rules.every((rule, i) => have.rules[i] === ruleFingerprint(rule));
  if (missing.length + rest.length === 0) return inOrder ? [] : [outOfOrder(want, have)];
  if (missing.length + rest.length === 1) return [oneRule(want.name, missing[0], rest[0])];
  const kept = want.rules.length - missing.length;
  const had = `${kept} of ${want.rules.length} rules${rest.length > 0 ? `, ${rest.length} others` : ''}`;
  return [{ field: `chain ${want.name}`, have: had, want: `${want.rules.length} rules` }];
}

function oneRule(chain: string, missing: string | undefined, extra: string | undefined): Difference {
  if (missing === undefined) return { field: `${chain}: rule ${extra}`, have: 'present', want: 'absent' };
  return { field: `${chain}: ${missing}`, have: 'missing', want: 'present' };
}

function outOfOrder(want: GuardChain, have: FoundChain): Difference {
  const order = want.rules.map(ruleFingerprint).join(' ');
  return { field: `chain ${want.name} order`, have: have.rules.join(' '), want: order };
}
