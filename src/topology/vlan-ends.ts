import type { EndDeclaration, PlugDeclaration, SwitchDeclaration } from '../core/index.js';
import { KINDS } from './fabric.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** VLANs are a port's of a switch that knows them: at its own end, or, where no other switch is there, at the other. */
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
      clash(
        sight,
        'vlan.unknown',
        'no switch is at this link, and only ports of bridges and VDE switches have VLANs',
        spot,
      ),
    ];
  const why = withoutVlans(on!, declared);
  return why ? [clash(sight, 'vlan.unknown', why.summary, spot, why.hint ? { hint: why.hint } : {})] : [];
}

function withoutVlans(
  name: string,
  declared: SwitchDeclaration,
): { readonly summary: string; readonly hint?: string } | undefined {
  switch (declared.kind) {
    case 'bridge': {
      const summary = `switch "${name}" knows no VLANs: all its ports are in one`;
      const hint = `set vlan_filtering: true of switch "${name}"`;
      return declared.vlanFiltering ? undefined : { summary, hint };
    }
    case 'vde':
      if (declared.hub) return { summary: `switch "${name}" is a hub, which knows no VLANs` };
      if (declared.isMade || declared.management !== undefined) return undefined;
      return {
        summary: `the VLANs of ports of switch "${name}" are set through its management socket`,
        hint: 'say where that is: management_socket: /run/vde.mgmt',
      };
    default: {
      const summary = `switch "${name}" is ${KINDS[declared.kind]}, and only ports of bridges and VDE switches have VLANs`;
      return { summary };
    }
  }
}
