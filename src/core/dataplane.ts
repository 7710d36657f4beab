import type { HostName } from './names.js';
import type { Resolved } from './resolved.js';

/** What a host can have beside the kernel's own network. */
export type DataplaneName = (typeof DATAPLANES)[number];

const DATAPLANES = ['vpp', 'vale'] as const;

/**
 * What is asked of a host's dataplanes, by name: the words that each one's reader needs, such as the argv that its program is called
 * with. Absent: it is not asked at all.
 */
export type Dataplanes = Readonly<Partial<Record<DataplaneName, readonly string[]>>>;

/** Whether something is that, as far as it can be told without asking. */
export function isDataplanes(given: unknown): given is Dataplanes {
  if (typeof given !== 'object' || given === null) return false;
  return Object.entries(given).every(
    ([name, words]) => DATAPLANES.some(d => d === name) && Array.isArray(words) && words.every(isWord),
  );
}

function isWord(word: unknown): boolean {
  return typeof word === 'string' && !/[\0\n]/.test(word);
}

/** How vppctl is called on a host. */
export function vppctlOf({ hosts }: Pick<Resolved, 'hosts'>, host: HostName): readonly string[] {
  return hosts.find(h => h.name === host)?.vppctl ?? ['vppctl'];
}

/** The same of vale-ctl. */
export function valeCtlOf({ hosts }: Pick<Resolved, 'hosts'>, host: HostName): readonly string[] {
  return hosts.find(h => h.name === host)?.valeCtl ?? ['vale-ctl'];
}
