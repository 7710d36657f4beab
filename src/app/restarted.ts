import { kindOf } from '../core/index.js';
import type { Action, Resource } from '../core/index.js';
import { kinds as registry } from '../kinds/index.js';

/** Tells once of each program of a host, such as VPP, that has nothing left of what topo made in it, as after a restart. */
export function restartNotes(
  actions: readonly (Made & Pick<Action, 'verb' | 'drift'>)[],
  resources: readonly Made[],
): readonly string[] {
  const gone = countByProgram(actions.filter(a => a.verb === 'create' && a.drift));
  const wanted = countByProgram(resources);
  return [...gone].flatMap(([program, count]) =>
    count === wanted.get(program)
      ? [`${program} was restarted or emptied: all that topo made there (${count}) is gone`]
      : [],
  );
}

type Made = Pick<Resource, 'host' | 'kind'>;

/** Of what a program holds: `VPP on tera`. */
function countByProgram(all: readonly Made[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { host, kind } of all) {
    const { heldBy } = kindOf(registry, kind);
    const program = `${heldBy ?? ''} on ${host}`;
    if (heldBy !== undefined) counts.set(program, (counts.get(program) ?? 0) + 1);
  }
  return counts;
}
