import type { EndDeclaration, LinkDeclaration } from '../core/index.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** Segments that flood nothing reach only what the file gives its MAC. */
export function checkSegments(sight: Sight): readonly Finding[] {
  return sight.topology.links.flatMap(link => {
    const [a, b] = link.ends;
    return [...undeclared(sight, link, a, b), ...undeclared(sight, link, b, a)];
  });
}

function undeclared(
  sight: Sight,
  link: LinkDeclaration,
  own: EndDeclaration,
  other: EndDeclaration,
): readonly Finding[] {
  const name = own.at.is === 'named' && own.at.port === undefined ? own.at.name : '';
  const on = sight.topology.switches[name];
  if (on?.kind !== 'segment' || on.flood || other.at.is === 'service') return [];
  const { name: far, port } = other.at;
  const what = port === undefined ? far : `${far}:${port}`;
  const summary = `switch "${name}" has flood: false, and nobody there would find what is behind ${what}, whose MACs the file does not know`;
  const hint = 'leave flood out; or link the services themselves to the switch';
  return [clash(sight, 'flood.undeclared', summary, link.path, { hint })];
}
