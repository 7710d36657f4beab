import {
  markPrefix,
  type Found,
  type Inventory,
  type NftTable,
  type Resource,
  type ResourceKind,
  type Step,
} from '../core/index.js';
import { deleteTable, replaceTable } from '../tools/index.js';
import { guardDifferences, ruleFingerprint, type GuardSpec, type GuardState } from './guard-rules.js';
import { idsOfMarks } from './recorded.js';
import { unread } from './unread.js';

/**
 * An nftables table is one resource: it is written whole, in one transaction. Drift is found by the comments, which bear a
 * fingerprint of the text that was written, because nft prints rules otherwise than they were written (it joins adjacent
 * prefixes, names priorities).
 */
export const guard: ResourceKind<GuardSpec, GuardState> = {
  name: 'guard',
  noun: 'nftables rules',
  after: [],
  reads: ['nft'],
  dependsOn: () => [],
  read(inventory, scope) {
    const missing = unread(inventory, ['nft'], scope);
    if (missing) return missing;
    const names = new Set(scope.wanted.map(w => w.spec.table));
    const idOf = idsOfMarks(inventory, scope, 'guard');
    const strays = inventory.nft.filter(t => !(t.family === 'inet' && names.has(t.name)));
    return [
      ...scope.wanted.flatMap(resource => readWanted(inventory, resource, scope.topology)),
      ...strays.flatMap((table): readonly Found<GuardState>[] => {
        const mark = markIn(table, markPrefix(scope.topology)) ?? markOfEmptied(table, scope.topology);
        return mark === undefined ? [] : [{ is: 'ours', id: idOf(mark), state: stateOf(table, mark) }];
      }),
    ];
  },
  diff: (want, have) => guardDifferences(want, have),
  steps: change =>
    change.verb === 'delete' ? [deleteTable(change.have.family, change.have.table)] : [write(change.want)],
};

function readWanted(
  inventory: Inventory,
  { id, mark, spec }: Resource<GuardSpec>,
  topology: string,
): readonly Found<GuardState>[] {
  const table = inventory.nft.find(t => t.family === 'inet' && t.name === spec.table);
  if (!table) return [];
  // A table of that name without a rule is ours, emptied by hand.
  const ours = comments(table).length === 0 || markIn(table, markPrefix(topology)) !== undefined;
  if (ours) return [{ is: 'ours', id, state: stateOf(table, mark) }];
  return [{ is: 'foreign', id, holder: `table inet ${spec.table}, no rule of which bears topo's mark` }];
}

function write({ spec, mark }: Resource<GuardSpec>): Step {
  const chains = spec.chains.map(chain => ({
    ...chain,
    rules: chain.rules.map(text => ({ text, comment: `${mark} ${ruleFingerprint(text)}` })),
  }));
  return replaceTable(spec.table, chains);
}

function stateOf(table: NftTable, mark: string): GuardState {
  const chains = Object.entries(table.chains ?? {}).map(([name, chain]) => ({
    name,
    kind: `${chain.type} ${chain.hook} ${chain.priority} ${chain.policy}`,
    rules: chain.comments.map(c => (c.startsWith(`${mark} `) ? c.slice(mark.length + 1) : `"${c}"`)),
  }));
  return { family: table.family, table: table.name, chains };
}

/** A table whose rules were all flushed by hand bears no mark any more: its name still says whose it is. */
function markOfEmptied(table: NftTable, topology: string): string | undefined {
  const prefix = guardTable(topology, '');
  const mine = table.name.startsWith(prefix) && /^[a-z2-7]{10}$/.test(table.name.slice(prefix.length));
  return mine && comments(table).length === 0 ? table.name : undefined;
}

/** The name of a topology's table for the resource that `hash` stands for. `-`, which nft refuses, is in no hash. */
export function guardTable(topology: string, hash: string): string {
  return `topo_${topology.replaceAll('-', '_')}_${hash}`;
}

function markIn(table: NftTable, prefix: string): string | undefined {
  return comments(table)
    .find(comment => comment.startsWith(prefix))
    ?.split(' ')[0];
}

function comments(table: NftTable): readonly string[] {
  return Object.values(table.chains ?? {}).flatMap(chain => chain.comments);
}
