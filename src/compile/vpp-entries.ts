import { resourceId, vppctlOf } from '../core/index.js';
import type { HostName, Resolved, ResolvedVpp, Resource } from '../core/index.js';
import type { VppArpSpec, VppFibSpec, VppHostInterfaceSpec } from '../kinds/index.js';
import { makeResource } from './resource.js';
import { stationsOf } from './stations.js';

/** What a link to a container can have on a VPP: one of these. */
const PORTS = ['vpp_host_interface', 'vpp_memif', 'vpp_tap', 'vpp_vhost_user'] as const;

/**
 * What a domain is told of the declared ports: whom it answers for, and, where it learns nothing, behind which of its ports each is. `ports`
 * has these among others.
 */
export function vppEntries(
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
  ports: readonly Resource[],
): readonly Resource[] {
  const at = { host, name: on.name, group: { is: 'switch', name: on.name } } as const;
  const common = {
    vppctl: vppctlOf(resolved, host),
    domain: { id: resourceId(host, 'vpp_domain', on.name), number: on.domain },
  };
  const stations = stationsOf(resolved, on);
  const byId = new Map(ports.map(r => [r.id, r]));
  const trunk = on.hosts.find(h => h.host === host)?.uplink;
  const towards = ({ host: behind, link = '' }: (typeof stations)[number]): Resource | undefined =>
    behind === host
      ? PORTS.map(kind => byId.get(resourceId(host, kind, link))).find(r => r !== undefined)
      : (byId.get(resourceId(host, 'vpp_tunnel', `${on.name}--${behind}`)) ??
        ports.find(r => r.host === host && r.name === trunk));
  const arp: VppArpSpec['entries'] = stations.flatMap(({ mac, addresses }) =>
    addresses.map(address => ({ address, mac })),
  );
  const fib: VppFibSpec['entries'] = stations.flatMap(station => {
    const port = towards(station);
    return port
      ? [{ mac: station.mac, port: (port as Resource<VppHostInterfaceSpec>).spec.name, id: port.id }]
      : [];
  });
  return [
    makeResource<VppArpSpec>(
      resolved.name,
      { ...at, kind: 'vpp_arp' },
      { ...common, entries: on.arpTerm ? arp : [] },
    ),
    makeResource<VppFibSpec>(
      resolved.name,
      { ...at, kind: 'vpp_fib' },
      { ...common, entries: on.learn ? [] : fib },
    ),
  ];
}
