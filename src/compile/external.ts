import { resourceId } from '../core/index.js';
import type { Resolved, ResolvedNetwork, ResolvedStack, ResourceId } from '../core/index.js';

type Noun = 'network' | 'volume';

/** Of what is external in a stack: the id of the one of that name that another stack of the topology makes on the host. */
export function madeBy(
  noun: Noun,
  { host }: ResolvedStack,
  { external, name }: Pick<ResolvedNetwork, 'external' | 'name'>,
  { stacks }: Resolved,
): ResourceId | undefined {
  if (!external) return undefined;
  const there = stacks.filter(s => s.host === host);
  const ids = there.flatMap(s =>
    (noun === 'network' ? s.networks : s.volumes)
      .filter(other => !other.external && other.name === name)
      .map(other => resourceId(host, noun, `${s.name}/${other.key}`)),
  );
  return ids[0];
}

/** The id of a stack's network or volume, whoever makes it. */
export function idOf(noun: Noun, stack: ResolvedStack, key: string, resolved: Resolved): ResourceId {
  const found = (noun === 'network' ? stack.networks : stack.volumes).find(x => x.key === key)!;
  return madeBy(noun, stack, found, resolved) ?? resourceId(stack.host, noun, `${stack.name}/${key}`);
}
