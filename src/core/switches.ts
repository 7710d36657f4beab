import type { Resolved, ResolvedSwitch } from './resolved.js';

/** The switches of one kind, in document order. */
export function switchesOf<K extends ResolvedSwitch['kind']>(
  { switches }: Pick<Resolved, 'switches'>,
  kind: K,
): readonly Extract<ResolvedSwitch, { kind: K }>[] {
  return switches.filter((s): s is Extract<ResolvedSwitch, { kind: K }> => s.kind === kind);
}
