import { kindOf, type Registry, type ResourceId, titleOf } from '../core/index.js';
import type { Decision, Wanted } from './decide.js';

/** Of those that wait, this many are named. */
const NAMED = 2;

/** Without what is only done for the sake of others where none of them starts; where some do, the cause says who. */
export function withoutIdle(
  registry: Registry,
  wanted: readonly Wanted[],
  decisions: readonly Decision[],
): readonly Decision[] {
  const waiting = startingFor(registry, wanted, decisions);
  return decisions.flatMap((decision): readonly Decision[] => {
    if (!isForOthers(registry, decision.resource.kind)) return [decision];
    const who = waiting.get(decision.resource.id) ?? [];
    return who.length === 0 ? [] : [{ ...decision, cause: `${listOf(who)} for it`, drift: false }];
  });
}

/** How many of the wanted are things that stay: what is run is neither there nor missing. */
export function lasting(registry: Registry, wanted: readonly Pick<Wanted, 'resource'>[]): number {
  return wanted.filter(({ resource }) => !isForOthers(registry, resource.kind)).length;
}

function isForOthers(registry: Registry, kind: string): boolean {
  return kindOf(registry, kind).runs?.when === 'for-others';
}

/** What starts by this plan, by what it depends on. */
function startingFor(
  registry: Registry,
  wanted: readonly Wanted[],
  decisions: readonly Decision[],
): ReadonlyMap<ResourceId, readonly string[]> {
  const changes = new Map(decisions.map(d => [d.resource.id, d.change]));
  const found = new Map<ResourceId, string[]>();
  for (const { resource, dependencies } of wanted) {
    const change = changes.get(resource.id);
    const kind = kindOf(registry, resource.kind);
    if (!change || isForOthers(registry, resource.kind) || !(kind.starts?.(change) ?? true)) continue;
    for (const { on } of dependencies) {
      const list = found.get(on);
      if (list) list.push(titleOf(registry, resource));
      else found.set(on, [titleOf(registry, resource)]);
    }
  }
  return found;
}

function listOf(titles: readonly string[]): string {
  const more = titles.length > NAMED ? ` and ${titles.length - NAMED} more` : '';
  return `${titles.slice(0, NAMED).join(', ')}${more} ${titles.length === 1 ? 'waits' : 'wait'}`;
}
