import {
  emptyInventory,
  NO_VDE,
  messageOf,
  type Inventory,
  type InventoryPart,
  type IptablesRules,
  type NftTable,
} from '../core/index.js';
import {
  parseFdb,
  parseIptables,
  parseLinks,
  parseListeners,
  parseNamespaces,
  parseNeighbours,
  parseOffloads,
  parseQdiscs,
  parseRoutes,
  parseRuns,
  parseSandboxList,
  parseSysctls,
  parseTable,
  parseTableNames,
  parseVale,
  parseVde,
  parseVlans,
  type VppReading,
} from '../tools/index.js';
import { parseApplied } from './applied.js';
import { parsePathRecord } from './paths.js';
import type { Section } from './sections.js';

/** What of a host's inventory its script tells; the engine's lists are empty. What was not read stands in `unread`. */
export function inventoryOf(
  sections: ReadonlyMap<string, Section>,
  topology: string,
  vpp?: VppReading,
): Inventory {
  const unread: Partial<Record<InventoryPart, string>> = {};
  const read = <T>(part: InventoryPart, name: string, parse: (text: string) => T, nothing: T): T => {
    const result = attempt(sections.get(name), parse);
    if ('value' in result) return result.value;
    unread[part] ??= result.why;
    return nothing;
  };
  const listeners = read('udp', 'listeners', parseListeners, { udp: [], tcp: [] });
  if (unread.udp !== undefined) unread.tcp = unread.udp;
  // One that gives no answer may have anything; where none runs there is nothing.
  if (vpp?.facts.is === 'silent') unread.vpp = vpp.facts.why;
  const tables = {
    4: read<IptablesRules | undefined>('iptables', 'iptables4', parseIptables, undefined),
    // Without IPv6 rules a host can still be used: who needs them asks for them.
    6: valueOf(attempt(sections.get('iptables6'), parseIptables)),
  };
  // Without them a device's queue is known by its kind alone.
  const qdiscs = valueOf(attempt(sections.get('qdiscs'), parseQdiscs));
  return {
    ...emptyInventory(),
    links: read('links', 'links', text => parseLinks(text, qdiscs), []),
    namespaces: read('namespaces', 'namespaces', parseNamespaces, []),
    // Without them it is taken that they are as topo set them.
    offloading: valueOf(attempt(sections.get('offloads'), parseOffloads)) ?? [],
    routes: [
      ...read('routes', 'routes4', text => parseRoutes(text, 4), []),
      ...read('routes', 'routes6', text => parseRoutes(text, 6), []),
    ],
    fdb: read('fdb', 'fdb', parseFdb, []),
    vlans: read('vlans', 'vlans', parseVlans, []),
    neighbours: read('neighbours', 'neighbours', parseNeighbours, []),
    iptables: tables,
    nft: read('nft', 'nft', parseTables, []),
    ...listeners,
    sysctls: read('sysctls', 'sysctls', parseSysctls, {}),
    topologies: read('topologies', 'topologies', text => text.split('\n').filter(Boolean).sort(), []),
    applied: read(
      'applied',
      'hosts',
      hosts => appliedOf(topology, hosts, sections.get('applied')),
      undefined,
    ),
    runs: read('runs', 'runs', parseRuns, {}),
    ...(vpp && { vpp: vpp.state, insideVpps: vpp.inside }),
    vde: read('vde', 'vde', text => parseVde(text, topology), NO_VDE),
    taken: valueOf(attempt(sections.get('taken'), text => text.split('\n').filter(Boolean))) ?? [],
    // What cannot be understood is measured again.
    paths: valueOf(attempt(sections.get('paths'), parsePathRecord)) ?? [],
    // Only the operator's machine is asked.
    sandboxes: sections.has('sandboxes') ? read('sandboxes', 'sandboxes', parseSandboxList, []) : [],
    vale: sections.has('vale') ? read<Inventory['vale']>('vale', 'vale', parseVale, undefined) : undefined,
    unread,
  };
}

function appliedOf(topology: string, hosts: string, applied: Section | undefined): Inventory['applied'] {
  if (applied?.why !== undefined) throw new Error(applied.why);
  return parseApplied(topology, hosts, applied?.text ?? '');
}

export type Attempt<T> = { readonly value: T } | { readonly why: string };

/** What a part of the script told, or why it did not. */
export function attempt<T>(section: Section | undefined, parse: (text: string) => T): Attempt<T> {
  if (!section) return { why: 'the host did not tell' };
  if (section.why !== undefined) return { why: section.why };
  try {
    return { value: parse(section.text) };
  } catch (error) {
    return { why: messageOf(error) };
  }
}

function valueOf<T>(result: Attempt<T>): T | undefined {
  return 'value' in result ? result.value : undefined;
}

/** `nft list tables`; a line of JSON for each of topo's own takes the place of the bare name, one that begins with `accepts` adds to it. */
function parseTables(text: string): readonly NftTable[] {
  const lines = text.split('\n');
  const whole = lines.filter(line => line.startsWith('{')).flatMap(line => parseTable(line) ?? []);
  const marks = ({ family, name }: NftTable): { accepts?: string } => {
    const said = lines.find(line => line.startsWith(`accepts ${family} ${name} `));
    return said === undefined ? {} : { accepts: said.split(' ').slice(3).map(hex).join('/') };
  };
  return parseTableNames(text).map(
    table =>
      whole.find(t => t.family === table.family && t.name === table.name) ?? { ...table, ...marks(table) },
  );
}

/** nft fills a mark up to eight digits. */
function hex(text: string): string {
  return `0x${Number(text).toString(16)}`;
}
