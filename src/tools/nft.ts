import type { NftChain, NftTable, Step } from '../core/index.js';
import { isRow, listOf, numberOf, rowOf, textOf, type Row } from './json.js';

/** A base chain to be written: its rules without comments, and what each is to bear as one. */
export interface NftChainText {
  readonly name: string;
  readonly type: 'filter' | 'nat';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly priority: number;
  readonly rules: readonly { readonly text: string; readonly comment: string }[];
}

/**
 * Replaces a whole table of family inet in one transaction: added so that it can be deleted, then written anew. A rule and the closing brace
 * need lines of their own (nft 1.0.6).
 */
export function replaceTable(table: string, chains: readonly NftChainText[]): Step {
  const body = chains.flatMap(chain => [
    `  chain ${chain.name} {`,
    `    type ${chain.type} hook ${chain.hook} priority ${chain.priority}; policy accept;`,
    ...chain.rules.map(rule => `    ${rule.text} comment "${rule.comment}"`),
    '  }',
  ]);
  const lines = [...gone('inet', table), `table inet ${table} {`, ...body, '}'];
  return load(lines, `rules of table inet ${table}`);
}

/** Deletes a table; one that is not there is no failure. */
export function deleteTable(family: string, table: string): Step {
  return load(gone(family, table), `delete table ${family} ${table}`);
}

/** Reads the names of all tables out of `nft list tables`. */
export function parseTableNames(text: string): readonly NftTable[] {
  return text.split('\n').flatMap(line => {
    const match = /^table (\S+) (\S+)$/.exec(line.trim());
    return match ? [{ family: match[1]!, name: match[2]! }] : [];
  });
}

/** Reads what `nft -j list table` says of one table. Throws where it is no JSON. */
export function parseTable(text: string): NftTable | undefined {
  const value: unknown = JSON.parse(text);
  const items = listOf(rowOf(value)['nftables']);
  const table = pick(items, 'table')[0];
  if (!table) return undefined;
  const rules = pick(items, 'rule');
  const chains = pick(items, 'chain').map(chain => [textOf(chain['name']), chainOf(chain, rules)] as const);
  return { family: textOf(table['family']), name: textOf(table['name']), chains: Object.fromEntries(chains) };
}

function chainOf(chain: Row, rules: readonly Row[]): NftChain {
  const own = rules.filter(rule => rule['chain'] === chain['name']);
  return {
    type: textOf(chain['type']),
    hook: textOf(chain['hook']),
    priority: numberOf(chain['prio'], 0),
    policy: textOf(chain['policy']),
    comments: own.map(rule => textOf(rule['comment'])),
  };
}

function pick(items: readonly Row[], key: string): readonly Row[] {
  return items.map(item => item[key]).filter(isRow);
}

function gone(family: string, table: string): readonly string[] {
  return [`add table ${family} ${table}`, `delete table ${family} ${table}`];
}

function load(lines: readonly string[], label: string): Step {
  const stdin = lines.map(line => `${line}\n`).join('');
  return { via: 'exec', argv: ['nft', '-f', '-'], stdin, mutates: true, label };
}
