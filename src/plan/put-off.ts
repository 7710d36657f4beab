import { kindOf, type Registry, type ResourceId, type Stray } from '../core/index.js';
import type { Decision, Wanted } from './decide.js';
import { plural } from './strays.js';

/** What of a plan is done now, and which wanted resources come later. */
export interface Sifted {
  readonly decisions: readonly Decision[];
  readonly deletes: readonly Stray[];
  readonly later: ReadonlySet<ResourceId>;
  /** What comes later, in words. */
  readonly follows: readonly string[];
}

/**
 * Leaves out derived kinds while any kind that they come after changes: what was read of those will not be so any more, so
 * what is decided from it would be wrong as soon as it is done. The next reading tells.
 */
export function putOff(
  registry: Registry,
  wanted: readonly Wanted[],
  decisions: readonly Decision[],
  deletes: readonly Stray[],
): Sifted {
  const moving = new Set([...decisions.map(d => d.resource.kind), ...deletes.map(d => d.kind)]);
  const waiting = [...registry.values()].filter(
    kind => kind.derived !== undefined && kind.after.some(below => moving.has(below)),
  );
  const waits = new Set(waiting.map(kind => kind.name));
  const later = wanted.filter(w => waits.has(w.resource.kind)).map(w => w.resource);
  const kinds = new Set([...later, ...deletes].map(r => r.kind).filter(kind => waits.has(kind)));
  return {
    decisions: decisions.filter(d => !waits.has(d.resource.kind)),
    deletes: deletes.filter(d => !waits.has(d.kind)),
    later: new Set(later.map(r => r.id)),
    follows: [...kinds].sort().map(name => {
      const { noun, derived } = kindOf(registry, name);
      return `${plural(noun)} follow once ${derived}`;
    }),
  };
}
