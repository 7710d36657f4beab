import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, NftTable, Resolved, ResolvedNetwork } from '../core/index.js';
import { FABRIC_MARK } from './fabric-rules.js';

/** The table of an engine that writes its rules with nftables itself (seen on the 29 line with `--firewall-backend=nftables`). */
const ENGINE_TABLE = 'docker-bridges';

/** Devices from which a network's containers can be reached at their own addresses; set when the network is made (engines from 28 on). */
const TRUSTED = 'com.docker.network.bridge.trusted_host_interfaces';

/** The table of a host's engine that filters with nftables; undefined where it does not. */
export function engineTable(view: HostView | undefined): NftTable | undefined {
  const tables = view?.inventory.nft.filter(t => t.name === ENGINE_TABLE) ?? [];
  return tables.find(t => t.family === 'ip') ?? tables[0];
}

/**
 * Hosts on a routed switch whose engine filters with nftables and does not let the fabric's mark through. A drop in one of its base
 * chains is final whatever a chain of ours accepts, there is no `DOCKER-USER`, and rules put into its tables are gone when a
 * container restarts (seen there): it can't be opened from outside.
 */
export function closedFirewalls(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const hosts = new Set(switchesOf(resolved, 'vxlan').flatMap(s => s.members.map(m => m.host)));
  const mark = `${FABRIC_MARK}/${FABRIC_MARK}`;
  return [...hosts].flatMap((host): Diagnostic[] => {
    const table = engineTable(views.get(host));
    if (!table || table.accepts === mark) return [];
    const instead = table.accepts === undefined ? '' : `, but for the mark ${table.accepts}`;
    return [
      {
        severity: 'error',
        code: 'engine.firewall',
        host,
        summary: `this engine filters with nftables by itself (table ${table.family} ${table.name}), which a routed switch cannot open${instead}`,
        hint: `set "bridge-accept-fwmark": "${mark}" in /etc/docker/daemon.json there (or "firewall-backend": "iptables"), then: systemctl restart docker`,
      },
    ];
  });
}

/**
 * What a network on a switch needs of an engine that filters with nftables: its drop of direct access comes ahead of the mark, so the
 * network is made to trust the fabric's device and the bridges of the fabric's other stacks on the host. Anyone else keeps the driver's options.
 */
export function networkOptions(
  resolved: Resolved,
  view: HostView | undefined,
  network: ResolvedNetwork,
): Readonly<Record<string, string>> {
  const fabric = switchesOf(resolved, 'vxlan').find(s => s.name === network.fabric?.switch);
  if (!view || !fabric || !engineTable(view)) return {};
  const bridges = fabric.members
    .filter(m => m.host === view.host)
    .map(m => resolved.stacks.find(s => s.name === m.stack)!.networks.find(n => n.key === m.network)!.bridge)
    .filter(bridge => bridge !== network.bridge);
  return { [TRUSTED]: [`vxlan${fabric.vni}`, ...bridges.sort()].join(':') };
}
