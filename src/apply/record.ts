import {
  type Applied,
  type HostName,
  type Plan,
  type Report,
  type Resource,
  type ResourceId,
  specDigest,
} from '../core/index.js';

/**
 * The next `specs` of a host's record: the digests of what is as wanted now, and what was recorded before of what could not
 * be changed or removed. Whatever is wanted and not in the plan was found as wanted, so it counts as applied, too, but not
 * what was left out of the plan (`leftOut`).
 */
export function recordAfter(
  applied: Applied['specs'] | undefined,
  host: HostName,
  plan: Plan,
  outcomes: Report['outcomes'],
  resources: readonly Resource[],
  leftOut: readonly ResourceId[] = [],
): Applied['specs'] {
  const before = applied ?? {};
  const undone = plan.actions.filter(a => outcomes.get(a.id)?.is !== 'done').map(a => a.resource);
  const pending = new Set([...undone, ...leftOut]);
  const kept = [...pending].flatMap((id): [ResourceId, string][] =>
    before[id] === undefined ? [] : [[id, before[id]]],
  );
  const here = resources.filter(r => r.host === host && !pending.has(r.id));
  const next = [...kept, ...here.map((r): [ResourceId, string] => [r.id, specDigest(r)])];
  return Object.fromEntries(next.sort(([a], [b]) => (a < b ? -1 : 1)));
}
