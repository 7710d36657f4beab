import { jointsOf } from '../core/index.js';
import type { Joint, LinkDeclaration } from '../core/index.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';
import { switchAt } from './vlan-ends.js';

/**
 * Links that close a ring of switches, none of which runs a spanning tree: a single broadcast would go around for ever and take all
 * that the hosts can do. Bridges without one pass the frames of others' (`stp_state 0`), so one in the ring is enough. Ports in VLANs
 * are left to whoever parted them. What devices of hosts join is told when the hosts are known.
 */
export function checkLoops(sight: Sight): readonly Finding[] {
  const joints = jointsOf();
  return sight.topology.links.flatMap((link): readonly Finding[] => {
    const joint = switchesAt(sight, link);
    if (!joint) return [];
    const way = joints.wayBetween(...joint);
    if (way) return [looped(sight, link, way)];
    joints.join(joint);
    return [];
  });
}

function switchesAt(sight: Sight, { ends, up }: LinkDeclaration): Joint | undefined {
  const isQuiet = up === false || ends.some(end => end.up === false || end.vlan !== undefined);
  const [a, b] = ends.map(end => switchAt(sight, end));
  if (isQuiet || a === undefined || b === undefined || a === b) return undefined;
  return [a, b].some(name => breaksRings(sight, name)) ? undefined : [a, b];
}

function breaksRings({ topology }: Sight, name: string): boolean {
  const declared = topology.switches[name];
  return declared?.kind === 'bridge' ? declared.stp : declared?.kind === 'vde' && declared.fstp;
}

function looped(sight: Sight, { path }: LinkDeclaration, way: readonly string[]): Finding {
  const [remedy] = way.flatMap(name => remedyOf(sight, name));
  const hint = remedy ? `${remedy}, or take a link out` : 'take a link out';
  const ring = [...way, way[0]].join(' - ');
  const summary = `this link closes a ring of switches, ${ring}: frames would go around for ever`;
  return clash(sight, 'link.loop', summary, path, { hint });
}

function remedyOf({ topology }: Sight, name: string): readonly string[] {
  const declared = topology.switches[name];
  if (declared?.kind === 'bridge') return [`set stp: true of switch "${name}"`];
  return declared?.kind === 'vde' && declared.isMade && !declared.hub
    ? [`set fstp: true of switch "${name}"`]
    : [];
}
