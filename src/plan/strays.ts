import { type HostName, kindOf, type ResourceId, type Stray, titleOf } from '../core/index.js';
import type { PlanInput } from './input.js';

/** Which strays are deleted, and what is said of the others. Both sorted. */
export interface StrayDecision {
  readonly deletes: readonly Stray[];
  readonly notes: readonly string[];
}

/** `replaced`: wanted resources that are taken away and made again; a host among them takes along what is on it. */
export function decideStrays(input: PlanInput, replaced: ReadonlySet<ResourceId>): StrayDecision {
  const notes: string[] = [];
  const unwanted = [...input.observed.strays].filter(stray => {
    const reason = input.options?.keep?.(stray);
    if (reason !== undefined)
      notes.push(`keeps ${titleOf(input.registry, stray)} on ${stray.host}: ${reason}`);
    return reason === undefined;
  });
  const ids = new Set(unwanted.map(stray => stray.id));
  const leaves = (host: HostName): boolean => {
    const own = input.options?.hostResource?.get(host);
    if (own === undefined) return false;
    return replaced.has(own) || (ids.has(own) && input.options?.goneHosts?.has(host) === true);
  };
  const along = unwanted.filter(stray => leaves(stray.host));
  const deletes = unwanted.filter(stray => !leaves(stray.host));
  return { deletes, notes: [...notes, ...alongNotes(input, along)].sort() };
}

function alongNotes(input: PlanInput, along: readonly Stray[]): readonly string[] {
  const hosts = [...new Set(along.map(stray => stray.host))];
  return hosts.map(host => {
    const counts = new Map<string, number>();
    for (const stray of along.filter(s => s.host === host)) {
      const noun = kindOf(input.registry, stray.kind).noun;
      counts.set(noun, (counts.get(noun) ?? 0) + 1);
    }
    const list = [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([noun, n]) => `${n} ${n === 1 ? noun : plural(noun)}`);
    return `goes with host ${host}: ${list.join(', ')}`;
  });
}

/** A noun for more than one thing. */
export function plural(noun: string): string {
  if (noun.endsWith('entries')) return noun;
  if (/(s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
