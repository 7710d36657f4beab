import type { Difference, Family } from '../core/index.js';
import { normalRule } from '../tools/index.js';

/** Rules that accept declared traffic in chains which Docker or others fill; each ends in ACCEPT and bears the resource's mark. */
export interface AcceptSpec {
  readonly family: Family;
  readonly rules: readonly AcceptRule[];
}

export interface AcceptRule {
  readonly table: 'filter' | 'raw';
  readonly chain: string;
  readonly match: readonly string[];
  /**
   * Absent: always. `docker`: only where an engine keeps rules of the family, which is where `filter` has DOCKER-USER; `closed`:
   * only where it has none and the policy of FORWARD is DROP. Told by what the host has when the rule is written, for a
   * host that does not exist yet has nothing to be told by.
   */
  readonly where?: 'docker' | 'closed';
}

/** The rules that bear a mark, in their order. */
export interface AcceptState {
  readonly family: Family;
  readonly mark: string;
  readonly rules: readonly FoundRule[];
  /** Whether an engine keeps rules of the family, and whether FORWARD drops what nobody accepts. */
  readonly docker: boolean;
  readonly closed: boolean;
}

export interface FoundRule {
  readonly table: string;
  readonly chain: string;
  /** In normal spelling, without the comment. */
  readonly text: string;
  /** The rule ahead of it, not topo's, that can end a packet's way through the chain. */
  readonly behind?: string;
}

/** What is not as wanted, a difference per rule: missing, twice, behind somebody's rule, extra; and per chain where the order is another. */
export function acceptDifferences(want: AcceptSpec, have: AcceptState): readonly Difference[] {
  const wanted = applying(want.rules, have).map(rule =>
    titled(rule, normalRule([...rule.match, '-j', 'ACCEPT']).text),
  );
  const found = have.rules.map(rule => ({ ...titled(rule, rule.text), behind: rule.behind }));
  const known = new Set(wanted.map(w => w.title));
  const extra = [...new Set(found.filter(f => !known.has(f.title)).map(f => f.title))];
  return [
    ...wanted.flatMap(({ title }) =>
      ofRule(
        title,
        found.filter(f => f.title === title),
      ),
    ),
    ...extra.map(field => ({ field, have: 'present', want: 'absent' })),
    ...orders(wanted, found),
  ];
}

/** The rules that have a place on a host. */
export function applying(
  rules: readonly AcceptRule[],
  { docker, closed }: Pick<AcceptState, 'docker' | 'closed'>,
): readonly AcceptRule[] {
  const isDocker = (rule: AcceptRule): boolean => rule.where === 'docker' && docker;
  return rules.filter(
    r => r.where === undefined || isDocker(r) || (r.where === 'closed' && !docker && closed),
  );
}

interface Titled {
  readonly chain: string;
  readonly title: string;
}

function titled(rule: { readonly table: string; readonly chain: string }, text: string): Titled {
  const chain = `${rule.table} ${rule.chain}`;
  return { chain, title: `${chain} ${text}` };
}

function ofRule(
  field: string,
  found: readonly { readonly behind: string | undefined }[],
): readonly Difference[] {
  if (found.length === 0) return [{ field, have: 'missing', want: 'present' }];
  if (found.length > 1) return [{ field, have: `${found.length} times`, want: 'once' }];
  const { behind } = found[0]!;
  return behind === undefined ? [] : [{ field, have: `behind ${behind}`, want: 'ahead of it' }];
}

function orders(wanted: readonly Titled[], found: readonly Titled[]): readonly Difference[] {
  return [...new Set(wanted.map(w => w.chain))].flatMap(chain => {
    const present = new Set(found.map(f => f.title));
    const known = new Set(wanted.map(w => w.title));
    const want = wanted.filter(w => w.chain === chain && present.has(w.title)).map(w => w.title);
    const have = [...new Set(found.filter(f => f.chain === chain && known.has(f.title)).map(f => f.title))];
    if (want.join('\n') === have.join('\n')) return [];
    return [{ field: `${chain} order`, have: have.join('; '), want: want.join('; ') }];
  });
}
