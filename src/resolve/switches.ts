import { parsePrefix, stretchedOn } from '../core/index.js';
import type {
  ResolvedBridge,
  ResolvedLink,
  ResolvedSegment,
  ResolvedSwitch,
  ResolvedVale,
  ResolvedVde,
  ResolvedVxlan,
  Topology,
} from '../core/index.js';
import { whole } from './plug-addresses.js';
import { resolveVpp, vppNumbers } from './vpp.js';

/** All switches in document order: the routed ones as they were resolved, and those whose ports are devices. */
export function resolveSwitches(
  topology: Topology,
  fabrics: readonly ResolvedVxlan[],
  links: readonly ResolvedLink[],
  vnis: ReadonlyMap<string, number>,
): readonly ResolvedSwitch[] {
  const vpps = vppNumbers(topology);
  return Object.entries(topology.switches).map(([name, declared]): ResolvedSwitch => {
    if (declared.kind === 'vxlan') return fabrics.find(f => f.name === name)!;
    if (declared.kind === 'vpp') return resolveVpp(name, declared, vpps.get(name)!, vnis.get(name) ?? 0);
    const { gateways: _, ranges: __, ...rest } = declared;
    const subnets = rest.subnets.flatMap(text => parsePrefix(text) ?? []);
    switch (rest.kind) {
      case 'bridge': {
        const addresses = rest.addresses.map(text => whole(text, subnets));
        return { ...rest, name, addresses } satisfies ResolvedBridge;
      }
      case 'vale':
        return { ...rest, name } satisfies ResolvedVale;
      case 'segment': {
        const hosts = rest.hosts ?? hostsAt(topology, name, links);
        return { ...rest, name, vni: vnis.get(name)!, hosts } satisfies ResolvedSegment;
      }
      case 'vde':
        return { ...rest, name } satisfies ResolvedVde;
    }
  });
}

/** The hosts of what is attached to a switch that does not say where it is. */
function hostsAt(topology: Topology, name: string, links: readonly ResolvedLink[]): readonly string[] {
  const stretched = stretchedOn(topology, name).map(s => s.host);
  const there = links.flatMap(({ ends: [a, b] }) => {
    const [own, other] = a.is === 'switch' && a.switch === name ? [a, b] : [b, a];
    return own.is === 'switch' && own.switch === name && other.is !== 'switch' ? [other.host] : [];
  });
  return [...new Set([...stretched, ...there])];
}
