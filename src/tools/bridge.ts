import { DEFAULT_VLAN } from '../core/index.js';
import type { FdbEntry, PortVlan, Step } from '../core/index.js';
import { removing } from './ip.js';
import { listOf, numberOf, rows, textOf } from './json.js';

/** The MAC of an entry that gets every frame without an entry of its own. */
export const FLOOD_MAC = '00:00:00:00:00:00';

/** Scripts around `bridge`. */
export const fdbScripts = {
  'fdb-remove': removing('bridge'),
  // $1 device, $2 a VLAN that it is not to be in though it may be (nothing: none)
  'vlan-set': `bridge -batch - || exit
[ -z "$2" ] || bridge vlan del dev "$1" vid "$2" 2>/dev/null || true`,
} as const;

/** Where frames to a MAC go: to a peer of a VXLAN device, or, without one, to that device as a port of its bridge. */
export interface FdbLine {
  readonly mac: string;
  readonly dst?: string;
}

/**
 * Writes forwarding entries of a VXLAN device. The flood entry takes many destinations: appended. Any other MAC has one: replaced
 * (an append with a second destination says nothing and does nothing, seen on kernel 6.18).
 */
export function setFdb(device: string, entries: readonly FdbLine[]): Step {
  const lines = entries.map(
    e => `fdb ${e.mac === FLOOD_MAC ? 'append' : 'replace'} ${e.mac} dev ${device} ${whereTo(e)}\n`,
  );
  return {
    via: 'exec',
    argv: ['bridge', '-batch', '-'],
    stdin: lines.join(''),
    mutates: true,
    label: `FDB of ${device}`,
  };
}

/** Removes forwarding entries; those that are gone already are no failure. */
export function removeFdb(device: string, entries: readonly FdbLine[]): Step {
  const stdin = entries
    .map(e => `fdb del ${e.mac} dev ${device} ${e.dst === undefined ? 'master' : `dst ${e.dst}`}\n`)
    .join('');
  return { via: 'script', name: 'fdb-remove', args: [], stdin, mutates: true, label: `FDB off ${device}` };
}

function whereTo({ dst }: FdbLine): string {
  return dst === undefined ? 'master static' : `dst ${dst}`;
}

/** Reads `bridge -j fdb show`. */
export function parseFdb(text: string): readonly FdbEntry[] {
  return rows(text).map(row => ({
    dev: textOf(row['ifname']),
    mac: textOf(row['mac']),
    ...(typeof row['dst'] === 'string' ? { dst: row['dst'] } : {}),
    ...(typeof row['master'] === 'string' ? { master: row['master'] } : {}),
    state: textOf(row['state']),
  }));
}

/** Puts a port of a bridge into VLANs, and out of the one that it is in by itself. `tagged` in ascending order. */
export function setVlans(device: string, tagged: readonly number[], untagged: number | undefined): Step {
  const lines = [...(untagged === undefined ? [] : [`${untagged} pvid untagged`]), ...vlanRanges(tagged)].map(
    words => `vlan add dev ${device} vid ${words} master\n`,
  );
  const isWanted = untagged === DEFAULT_VLAN || tagged.includes(DEFAULT_VLAN);
  const args = [device, isWanted ? '' : `${DEFAULT_VLAN}`];
  return {
    via: 'script',
    name: 'vlan-set',
    args,
    stdin: lines.join(''),
    mutates: true,
    label: `VLANs of ${device}`,
  };
}

/** Takes a port of a bridge out of VLANs, given as numbers and ranges; those that it is not in are no failure. */
export function removeVlans(device: string, ranges: readonly string[]): Step {
  const stdin = ranges.map(range => `vlan del dev ${device} vid ${range} master\n`).join('');
  return { via: 'script', name: 'fdb-remove', args: [], stdin, mutates: true, label: `VLANs off ${device}` };
}

/** `[1, 20, 21, 22]` → `1`, `20-22`: what is one line to `bridge vlan`. In ascending order. */
export function vlanRanges(ids: readonly number[]): readonly string[] {
  const ranges: { first: number; last: number }[] = [];
  for (const id of ids) {
    const open = ranges.at(-1);
    if (open && open.last === id - 1) open.last = id;
    else ranges.push({ first: id, last: id });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
}

/** Reads `bridge -j -compressvlans vlan show`, one entry for each VLAN, in ascending order. */
export function parseVlans(text: string): readonly PortVlan[] {
  return rows(text).flatMap(row =>
    listOf(row['vlans']).flatMap(entry => {
      const first = numberOf(entry['vlan'], 0);
      const flags = Array.isArray(entry['flags']) ? entry['flags'] : [];
      const own = {
        dev: textOf(row['ifname']),
        pvid: flags.includes('PVID'),
        untagged: flags.includes('Egress Untagged'),
      };
      return Array.from({ length: numberOf(entry['vlanEnd'], first) - first + 1 }, (_, i) => ({
        ...own,
        id: first + i,
      }));
    }),
  );
}
