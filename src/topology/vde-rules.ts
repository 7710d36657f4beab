import type { DocPath, EndDeclaration, PlugDeclaration, VdeDeclaration } from '../core/index.js';
import type { Finding } from './finding.js';
import type { Plug } from './plug-address.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';
import { switchAt } from './vlan-ends.js';

/** The bytes of a frame's payload that vde_switch takes: what is larger it drops, and says nothing (virtualsquare/vde-2#22). */
export const VDE_MTU = 1500;

/** VDE switches: ports enough, an MTU that they can carry, and sockets of their own. */
export function checkVde(sight: Sight, plugs: readonly Plug[]): readonly Finding[] {
  const all = Object.entries(sight.topology.switches).flatMap(([name, on]) =>
    on.kind === 'vde' ? [{ name, on }] : [],
  );
  return [
    ...all.flatMap(one => tooFewPorts(sight, plugs, one)),
    ...all.flatMap(one => tooLarge(sight, plugs, one)),
    ...sharedSockets(sight, all),
  ];
}

interface Named {
  readonly name: string;
  readonly on: VdeDeclaration;
}

function tooFewPorts(sight: Sight, plugs: readonly Plug[], { name, on }: Named): readonly Finding[] {
  const { stacks, links } = sight.topology;
  const inside = plugs
    .filter(plug => plug.on === name)
    .map(({ stack, service, number }) =>
      number === undefined ? (stacks[stack]?.services[service]?.replicas ?? 1) : 1,
    );
  const isPort = (own: EndDeclaration, other: EndDeclaration): boolean =>
    switchAt(sight, own) === name && other.at.is === 'named';
  const others = links.filter(({ ends: [a, b] }) => isPort(a, b) || isPort(b, a));
  const needed = inside.reduce((sum, n) => sum + n, 0) + others.length;
  if (!on.isMade || needed <= on.ports) return [];
  const summary = `switch "${name}" has ${on.ports} ports, and ${needed} things are plugged into it`;
  const hint = `set ports: ${needed} or more: guests of others need ports, too`;
  return [clash(sight, 'vde.ports', summary, ['switches', name, 'ports'], { hint })];
}

/** Of what is joined with it from further off the plan tells. */
function tooLarge(sight: Sight, plugs: readonly Plug[], { name, on }: Named): readonly Finding[] {
  const tell = (mtu: number | undefined, path: DocPath): readonly Finding[] => {
    if (mtu === undefined || mtu <= VDE_MTU) return [];
    const summary = `an MTU of ${mtu} does not fit switch "${name}": vde_switch drops frames of more than ${VDE_MTU} bytes, and says nothing`;
    return [clash(sight, 'mtu.vde', summary, [...path, 'mtu'], { hint: `${VDE_MTU} is the most` })];
  };
  const linked = sight.topology.links.filter(({ ends }) => ends.some(end => switchAt(sight, end) === name));
  const ends: readonly PlugDeclaration[] = [
    ...plugs.filter(plug => plug.on === name && plug.number === undefined).map(({ plug }) => plug),
    ...linked.flatMap(link => link.ends),
  ];
  return [
    ...tell(on.mtu, ['switches', name]),
    ...ends.flatMap(({ mtu, path }) => tell(mtu, path)),
    ...linked.flatMap(({ mtu, path }) => tell(mtu, path)),
  ];
}

function sharedSockets(sight: Sight, all: readonly Named[]): readonly Finding[] {
  const seen = new Map<string, DocPath>();
  return all.flatMap(({ name, on }) =>
    (
      [
        ['socket_dir', on.directory],
        ['management_socket', on.management],
      ] as const
    ).flatMap(([key, path]) => {
      if (path === undefined) return [];
      const spot = ['switches', name, key];
      const other = seen.get(`${on.host} ${path}`);
      seen.set(`${on.host} ${path}`, other ?? spot);
      const summary = `${path} of host "${on.host}" is that of another switch`;
      return other === undefined ? [] : [clash(sight, 'vde.socket', summary, spot, { other })];
    }),
  );
}
