import { contains, familyName, formatPrefix, nth, parsePrefix } from '../core/index.js';
import type { Prefix, SwitchDeclaration, VxlanDeclaration } from '../core/index.js';
import { checkAddresses } from './fabric-address.js';
import type { Member } from './fabric-address.js';
import { clash, elementPath, fabricPath, subnetPath } from './sight.js';
import type { Sight } from './sight.js';
import type { Finding } from './finding.js';

/** Routed switches: subnets where they are needed, overlay addresses inside them and each once, ranges, VNIs. */
export function checkFabrics(sight: Sight): readonly Finding[] {
  const members = membersBySwitch(sight);
  return Object.entries(sight.topology.switches)
    .flatMap(([name, declaration]) =>
      declaration.kind === 'vxlan'
        ? checkSwitch(sight, name, declaration, members.get(name) ?? [])
        : notRouted(sight, name, declaration, members.get(name) ?? []),
    )
    .concat(checkVnis(sight), networksWithoutSubnet(sight, [...members.values()].flat()));
}

function membersBySwitch({ topology }: Sight): ReadonlyMap<string, readonly Member[]> {
  const members = new Map<string, Member[]>();
  for (const [stack, { networks }] of Object.entries(topology.stacks)) {
    for (const [network, { fabric, subnets }] of Object.entries(networks)) {
      if (!fabric) continue;
      const list = members.get(fabric.switch) ?? [];
      members.set(fabric.switch, list);
      const { addresses } = fabric;
      list.push({ stack, network, addresses, subnets: subnets.map(s => s.subnet) });
    }
  }
  return members;
}

function networksWithoutSubnet(sight: Sight, members: readonly Member[]): readonly Finding[] {
  return members
    .filter(member => member.subnets.length === 0)
    .map(({ stack, network }) => {
      const summary = `network "${network}" of stack "${stack}" is on a fabric and has no subnet`;
      const hint = 'give it one: subnet: 172.30.0.0/16';
      return clash(sight, 'subnet.missing', summary, ['stacks', stack, 'networks', network, 'fabric'], {
        hint,
        at: 'key',
      });
    });
}

function checkSwitch(
  sight: Sight,
  name: string,
  declaration: VxlanDeclaration,
  members: readonly Member[],
): readonly Finding[] {
  const path = ['switches', name];
  const subnets = declaration.subnets.flatMap(s => parsePrefix(s) ?? []);
  if (subnets.length === 0) {
    const summary = `switch "${name}" has stacks on it and no subnet for their overlay addresses`;
    return members.length === 0
      ? []
      : [
          clash(sight, 'subnet.missing', summary, path, {
            hint: 'give it one: subnet: 10.1.1.0/24',
            at: 'key',
          }),
        ];
  }
  return [
    ...rangesOutside(sight, name, declaration.ranges, subnets),
    ...missingFamilies(sight, name, subnets, members),
    ...checkAddresses(sight, name, subnets, members),
  ];
}

function rangesOutside(
  sight: Sight,
  name: string,
  ranges: readonly string[],
  subnets: readonly Prefix[],
): readonly Finding[] {
  return ranges.flatMap((range, i) => {
    const prefix = parsePrefix(range)!;
    if (subnets.some(s => contains(s, nth(prefix, 0n)) && prefix.length >= s.length)) return [];
    const whole = (subnets.find(s => s.family === prefix.family) ?? subnets[0])!;
    const summary = `range ${range} is not in the switch's subnet ${formatPrefix(whole)}`;
    return [
      clash(sight, 'address.outside', summary, elementPath(sight.root, ['switches', name, 'range'], i)),
    ];
  });
}

/** Networks with a subnet of a family of which the switch has no overlay addresses. */
function missingFamilies(
  sight: Sight,
  name: string,
  subnets: readonly Prefix[],
  members: readonly Member[],
): readonly Finding[] {
  return members.flatMap(member =>
    member.subnets.flatMap((subnet, n): readonly Finding[] => {
      const { family } = parsePrefix(subnet)!;
      if (subnets.some(s => s.family === family)) return [];
      const path = subnetPath(sight.root, member.stack, member.network, n);
      const summary = `${subnet} is ${familyName(family)}, and switch "${name}" has no ${familyName(family)} subnet for overlay addresses`;
      const other = family === 4 ? '10.1.1.0/24' : 'fd00:1::/64';
      const whole = [...subnets.map(formatPrefix), other].join(', ');
      return [clash(sight, 'subnet.missing', summary, path, { hint: `such as subnet: [${whole}]` })];
    }),
  );
}

function notRouted(
  sight: Sight,
  name: string,
  { kind }: SwitchDeclaration,
  members: readonly Member[],
): readonly Finding[] {
  const what = KINDS[kind];
  const summary = `switch "${name}" is ${what}: a fabric is routed by a VXLAN of mode routed`;
  const hint = 'a service gets a port on it by `interfaces`';
  return members.map(({ stack, network }) =>
    clash(sight, 'switch.kind', summary, fabricPath(sight.root, stack, network, 'switch'), { hint }),
  );
}

/** What a switch is, for people. */
export const KINDS: Readonly<Record<SwitchDeclaration['kind'], string>> = {
  bridge: 'a bridge',
  segment: 'a VXLAN of mode l2',
  vale: 'a VALE switch',
  vde: 'a VDE switch',
  vpp: 'a bridge domain of VPP',
  vxlan: 'a VXLAN of mode routed',
};

function checkVnis(sight: Sight): readonly Finding[] {
  const seen = new Map<number, string>();
  return Object.entries(sight.topology.switches).flatMap(([name, declared]): readonly Finding[] => {
    const vni = 'vni' in declared ? declared.vni : undefined;
    const holder = vni === undefined ? undefined : seen.get(vni);
    if (vni !== undefined && holder === undefined) seen.set(vni, name);
    if (holder === undefined) return [];
    const summary = `VNI ${vni} is that of switch "${holder}" already`;
    return [
      clash(sight, 'vni.taken', summary, ['switches', name, 'vni'], { other: ['switches', holder, 'vni'] }),
    ];
  });
}
