import type { EndDeclaration, PlugDeclaration } from '../core/index.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** VLANs are a port's of a bridge that knows them: at its own end, or, where no other switch is there, at the other. */
export function checkVlans(sight: Sight): readonly Finding[] {
  const { stacks, links } = sight.topology;
  const interfaces = Object.values(stacks)
    .flatMap(({ services }) => Object.values(services))
    .flatMap(s => s.interfaces);
  return [
    ...interfaces.flatMap(plug => checkPort(sight, plug, plug.switch)),
    ...links.flatMap(({ ends: [a, b] }) => [...checkEnd(sight, a, b), ...checkEnd(sight, b, a)]),
  ];
}

function checkEnd(sight: Sight, own: EndDeclaration, other: EndDeclaration): readonly Finding[] {
  const here = switchAt(sight, own);
  const there = switchAt(sight, other);
  if (here !== undefined || own.vlan === undefined || other.vlan === undefined || there === undefined)
    return checkPort(sight, own, here ?? there);
  const summary = `the VLANs of this port of switch "${there}" are said at both ends of the link`;
  const hint = 'say them once, at the switch';
  return [
    clash(sight, 'value.conflict', summary, [...own.path, 'vlan'], { hint, other: [...other.path, 'vlan'] }),
  ];
}

/** The switch that an end of a link names; undefined: it is none of the file. */
export function switchAt({ topology }: Sight, { at }: EndDeclaration): string | undefined {
  return at.is === 'named' && Object.hasOwn(topology.switches, at.name) ? at.name : undefined;
}

function checkPort(
  sight: Sight,
  { vlan, path }: PlugDeclaration,
  on: string | undefined,
): readonly Finding[] {
  if (vlan === undefined) return [];
  const spot = [...path, 'vlan'];
  const declared = on === undefined ? undefined : sight.topology.switches[on];
  if (!declared)
    return [
      clash(sight, 'vlan.unknown', 'no bridge is at this link, and only ports of bridges have VLANs', spot),
    ];
  if (declared.kind !== 'bridge')
    return [
      clash(sight, 'vlan.unknown', `switch "${on}" is no bridge, and only ports of bridges have VLANs`, spot),
    ];
  if (declared.vlanFiltering) return [];
  const summary = `switch "${on}" knows no VLANs: all its ports are in one`;
  return [
    clash(sight, 'vlan.unknown', summary, spot, { hint: `set vlan_filtering: true of switch "${on}"` }),
  ];
}
