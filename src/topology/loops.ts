import type { LinkDeclaration } from '../core/index.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';
import { switchAt } from './vlan-ends.js';

/**
 * Links that close a ring of switches, none of which runs a spanning tree: a single broadcast would go around for ever and take all
 * that the hosts can do. Bridges without one pass the frames of others' (`stp_state 0`), so one in the ring is enough. Ports in VLANs
 * are left to whoever parted them.
 */
export function checkLoops(sight: Sight): readonly Finding[] {
  // A switch to another that it is joined with, up to one that stands for all of them.
  const joined = new Map<string, string>();
  return sight.topology.links.flatMap((link): readonly Finding[] => {
    const joins = switchesAt(sight, link);
    if (!joins) return [];
    const [a, b] = joins.map(name => rootOf(name, joined));
    if (a === b) return [looped(sight, link, joins)];
    joined.set(a!, b!);
    return [];
  });
}

function switchesAt(sight: Sight, { ends, up }: LinkDeclaration): readonly [string, string] | undefined {
  const isQuiet = up === false || ends.some(end => end.up === false || end.vlan !== undefined);
  const [a, b] = ends.map(end => switchAt(sight, end));
  if (isQuiet || a === undefined || b === undefined || a === b) return undefined;
  return [a, b].some(name => breaksRings(sight, name)) ? undefined : [a, b];
}

function breaksRings({ topology }: Sight, name: string): boolean {
  const declared = topology.switches[name];
  return declared?.kind === 'bridge' ? declared.stp : declared?.kind === 'vde' && declared.fstp;
}

function rootOf(name: string, joined: ReadonlyMap<string, string>): string {
  const next = joined.get(name);
  return next === undefined ? name : rootOf(next, joined);
}

function looped(sight: Sight, { path }: LinkDeclaration, [a, b]: readonly [string, string]): Finding {
  const remedies = [a, b].flatMap(name => remedyOf(sight, name));
  const remedy = remedies.length > 0 ? `${remedies[0]}, or take a link out` : 'take a link out';
  const summary = `switches "${a}" and "${b}" are joined by other links already: frames would go around for ever`;
  return clash(sight, 'link.loop', summary, path, { hint: remedy });
}

function remedyOf({ topology }: Sight, name: string): readonly string[] {
  const declared = topology.switches[name];
  if (declared?.kind === 'bridge') return [`set stp: true of switch "${name}"`];
  return declared?.kind === 'vde' && declared.isMade && !declared.hub
    ? [`set fstp: true of switch "${name}"`]
    : [];
}
