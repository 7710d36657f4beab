import {
  markPrefix,
  type Family,
  type Found,
  type Inventory,
  type IptablesRules,
  type Resource,
  type ResourceKind,
  type Step,
} from '../core/index.js';
import { normalRule, ownRules, ruleWords } from '../tools/index.js';
import {
  acceptDifferences,
  applying,
  type AcceptSpec,
  type AcceptState,
  type FoundRule,
} from './accept-rules.js';
import { idsOfMarks } from './recorded.js';
import { unknown } from './unread.js';

/**
 * A chain is shared, so position is state: ours must stand ahead of the first rule of somebody else that drops, rejects or
 * returns, on whatever condition. `DOCKER-USER` of engine 20.10 ends in RETURN, engines from 28 on append drops to `raw`.
 */
export const accept: ResourceKind<AcceptSpec, AcceptState> = {
  name: 'accept',
  noun: 'accepting rules',
  after: [],
  reads: ['iptables'],
  dependsOn: () => [],
  read(inventory, scope) {
    const wanted = scope.wanted.flatMap((resource): readonly Found<AcceptState>[] =>
      readWanted(inventory, resource),
    );
    const known = new Set(scope.wanted.map(w => `${w.spec.family} ${w.mark}`));
    const idOf = idsOfMarks(inventory, scope, 'accept');
    const strays = ([4, 6] as const).flatMap(family =>
      marksIn(inventory.iptables[family] ?? {}, markPrefix(scope.topology))
        .filter(mark => !known.has(`${family} ${mark}`))
        .map((mark): Found<AcceptState> => {
          const state = stateOf(family, inventory.iptables[family] ?? {}, mark);
          return { is: 'ours', id: idOf(mark), state };
        }),
    );
    return [...wanted, ...strays];
  },
  diff: (want, have) => acceptDifferences(want, have),
  steps(change) {
    const have = change.verb === 'create' ? [] : tables(change.have.rules);
    if (change.verb === 'delete')
      return have.map(table => ownRules(change.have.family, table, change.have.mark, []));
    const all = [...new Set([...have, ...tables(change.want.spec.rules)])].sort();
    return all.map(table => write(change.want, table));
  },
};

function readWanted(
  inventory: Inventory,
  { id, host, mark, spec }: Resource<AcceptSpec>,
): readonly Found<AcceptState>[] {
  const all = inventory.iptables[spec.family];
  const program = spec.family === 4 ? 'iptables' : 'ip6tables';
  if (!all) return [unknown(id, host, `the rules of ${program}: ${inventory.unread.iptables ?? 'not told'}`)];
  const state = stateOf(spec.family, all, mark);
  const absent = state.rules.length === 0 && applying(spec.rules, state).length > 0;
  return absent ? [] : [{ is: 'ours', id, state }];
}

function stateOf(family: Family, all: IptablesRules, mark: string): AcceptState {
  const docker = all['filter']?.['DOCKER-USER'] !== undefined;
  const closed = all['filter']?.['FORWARD']?.policy === 'DROP';
  return { family, mark, rules: rulesOf(all, mark), docker, closed };
}

function write({ spec, mark }: Resource<AcceptSpec>, table: string): Step {
  return ownRules(
    spec.family,
    table,
    mark,
    spec.rules.filter(rule => rule.table === table),
  );
}

function tables(rules: readonly { readonly table: string }[]): readonly string[] {
  return [...new Set(rules.map(rule => rule.table))].sort();
}

function rulesOf(rules: IptablesRules, mark: string): readonly FoundRule[] {
  return chains(rules).flatMap(({ table, chain, lines }) => {
    const all = lines.map(line => ({ line, ...normalRule(ruleWords(line)) }));
    const barrier = all.findIndex(r => BARRIERS.has(r.target) && !r.comment.startsWith('topo:'));
    return all.flatMap(({ text, comment }, i) => {
      if (comment !== mark) return [];
      return [{ table, chain, text, ...(barrier >= 0 && barrier < i ? { behind: all[barrier]!.line } : {}) }];
    });
  });
}

function marksIn(rules: IptablesRules, prefix: string): readonly string[] {
  const comments = chains(rules).flatMap(({ lines }) =>
    lines.map(line => normalRule(ruleWords(line)).comment),
  );
  return [...new Set(comments.filter(comment => comment.startsWith(prefix)))].sort();
}

function chains(rules: IptablesRules): readonly { table: string; chain: string; lines: readonly string[] }[] {
  return Object.entries(rules).flatMap(([table, all]) =>
    Object.entries(all).map(([chain, { rules: lines }]) => ({ table, chain, lines })),
  );
}

const BARRIERS = new Set(['DROP', 'REJECT', 'RETURN']);
