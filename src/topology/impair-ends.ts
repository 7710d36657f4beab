import { wantsDelay } from '../core/index.js';
import type { DocPath, PlugDeclaration } from '../core/index.js';
import { valueAt } from './at.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** Without a delay nothing varies, and nothing can be overtaken: the link's and the end's together must have one. */
export function checkImpair(sight: Sight): readonly Finding[] {
  const { stacks, links } = sight.topology;
  const interfaces = Object.values(stacks)
    .flatMap(({ services }) => Object.values(services))
    .flatMap(s => s.interfaces);
  const found = [
    ...interfaces.flatMap(plug => checkDelay(sight, plug, [])),
    ...links.flatMap(({ ends, path }) => ends.flatMap(end => checkDelay(sight, end, path))),
  ];
  // What the link says for both is told once.
  return [...new Map(found.map(f => [f.path.join('.'), f])).values()];
}

function checkDelay(sight: Sight, { impair, path }: PlugDeclaration, link: DocPath): readonly Finding[] {
  const key = impair && wantsDelay(impair);
  if (key === undefined) return [];
  const own = [...path, 'impair', key];
  const spot = valueAt(sight.root, own) === undefined ? [...link, 'impair', key] : own;
  const hint =
    key === 'jitter'
      ? 'it is how much the delay varies'
      : 'what overtakes is sent at once, while the rest is held';
  return [clash(sight, 'impair.delay', `${key} needs a delay`, spot, { hint, at: 'key' })];
}
