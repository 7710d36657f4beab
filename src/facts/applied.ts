import type { Applied } from '../core/index.js';
import { rowOf, textOf, textsOf } from '../tools/index.js';

/**
 * What was last applied, from the record's two files: `host.json` ({topology, key, hosts}, written first) and `applied.json`
 * ({specs, bootId}). Undefined where there is no record; throws where one cannot be understood.
 */
export function parseApplied(topology: string, hostJson: string, appliedJson: string): Applied | undefined {
  if (hostJson.trim() === '' && appliedJson.trim() === '') return undefined;
  const [host, applied] = [hostJson, appliedJson].map(text =>
    rowOf(text.trim() === '' ? {} : JSON.parse(text)),
  );
  for (const { format } of [host!, applied!] as { format?: unknown }[]) {
    if (format !== undefined && format !== 1)
      throw new Error(`the record of ${topology} is of format ${String(format)}: a newer topo wrote it`);
  }
  return {
    format: 1,
    topology,
    specs: textsOf(applied!['specs']),
    hosts: rowOf(host!['hosts']),
    key: textOf(host!['key']),
    bootId: textOf(applied!['bootId']),
  };
}
