import { LEAST_IPV6_MTU, familyOf, resourceId, switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Inventory,
  Resolved,
  ResolvedNetwork,
  Resource,
} from '../core/index.js';
import type { SysctlSpec } from '../kinds/index.js';
import { networksInReach } from './reach.js';
import { makeResource } from './resource.js';

/** RTPROT_RA (linux/rtnetlink.h): a route that came by router advertisement. */
const BY_ADVERTISEMENT = 9;

const FORWARDING = 'net.ipv6.conf.all.forwarding';

/** The resource that lets a host forward IPv6. */
export function ipv6Forwarding(host: HostName): string {
  return resourceId(host, 'sysctl', FORWARDING);
}

/** Whether the host forwards IPv6 for a network once it is made. */
export function forwardsIpv6({ driver, ipv6, external }: ResolvedNetwork): boolean {
  return ipv6 && driver === 'bridge' && !external;
}

/**
 * Forwarding on every host with an IPv6 network that topo can get at; elsewhere it is left to the engine. A host that forwards takes no router advertisements any more and forgets its default
 * route, unless `accept_ra` is 2 (kernel documentation, ip-sysctl): that comes first on the devices that live on them.
 */
export function forwardIpv6(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Resource<SysctlSpec>[] {
  return hostsWithIpv6(resolved).flatMap(host => {
    const view = views.get(host);
    if (!view || !networksInReach(view)) return [];
    const make = (key: string, value: string, after: readonly string[]): Resource<SysctlSpec> => {
      const at = { host, kind: 'sysctl', name: key, group: { is: 'host', name: host } as const };
      return makeResource(resolved.name, at, { key, value, ...(after.length > 0 && { after }) });
    };
    const accepting = advertised(view.inventory).map(key => make(key, '2', []));
    return [
      ...accepting,
      make(
        FORWARDING,
        '1',
        accepting.map(r => r.id),
      ),
    ];
  });
}

/** `accept_ra` of the devices on which the kernel itself takes advertisements: 1 while the host does not forward, or 2. */
function advertised({ routes, sysctls }: Inventory): readonly string[] {
  const devices = routes.flatMap(r =>
    r.family === 6 && r.protocol === BY_ADVERTISEMENT ? (r.dev ?? []) : [],
  );
  return [...new Set(devices)]
    .sort()
    .map(device => `net/ipv6/conf/${device}/accept_ra`)
    .filter(key => sysctls[key] === '2' || (sysctls[key] === '1' && sysctls[FORWARDING] === '0'));
}

/** Hosts that have no IPv6, and MTUs that are too small for it. */
export function ipv6Obstacles(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
  mtuOf: ReadonlyMap<string, number>,
): readonly Diagnostic[] {
  const off = hostsWithIpv6(resolved).filter(host => {
    const view = views.get(host);
    return (
      view &&
      networksInReach(view) &&
      !view.facts.computed &&
      view.inventory.sysctls['net.ipv6.conf.all.disable_ipv6'] !== '0'
    );
  });
  const small = switchesOf(resolved, 'vxlan').filter(
    s => s.subnets.some(t => familyOf(t) === 6) && mtuOf.get(s.name)! < LEAST_IPV6_MTU,
  );
  return [
    ...off.map((host): Diagnostic => ({
      severity: 'error',
      code: 'ipv6.off',
      host,
      summary: `host ${host} has IPv6 switched off, and a network of it has an IPv6 subnet`,
      hint: 'set net.ipv6.conf.all.disable_ipv6 to 0 there',
    })),
    ...small.map((s): Diagnostic => {
      const place = resolved.locate(['switches', s.name, s.mtu === undefined ? 'subnet' : 'mtu']);
      return {
        severity: 'error',
        code: 'ipv6.mtu',
        summary: `switch ${s.name} has an MTU of ${mtuOf.get(s.name)}, and IPv6 needs ${LEAST_IPV6_MTU}`,
        hint: 'leave its IPv6 subnet out, or let the underlay carry larger packets',
        ...(place && { place }),
      };
    }),
  ];
}

function hostsWithIpv6({ stacks }: Resolved): readonly HostName[] {
  const having = stacks.filter(s => s.networks.some(forwardsIpv6));
  return [...new Set(having.map(s => s.host))];
}
