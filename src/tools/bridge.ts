import type { FdbEntry, Step } from '../core/index.js';
import { removing } from './ip.js';
import { rows, textOf } from './json.js';

/** The MAC of an entry that gets every frame without an entry of its own. */
export const FLOOD_MAC = '00:00:00:00:00:00';

/** Scripts around `bridge`. */
export const fdbScripts = { 'fdb-remove': removing('bridge') } as const;

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
