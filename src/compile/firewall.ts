import type { Diagnostic, HostName, HostView, Resolved } from '../core/index.js';

/** The table of an engine that writes its rules with nftables itself (seen on the 29 line with `--firewall-backend=nftables`). */
const ENGINE_TABLE = 'docker-bridges';

/**
 * Hosts on a routed switch whose engine has a firewall that cannot be opened from outside. A drop in one of its base chains
 * is final whatever a chain of ours accepts, there is no `DOCKER-USER`, and rules put into its tables are gone when a
 * container restarts (seen there).
 */
export function closedFirewalls(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const hosts = new Set(resolved.switches.flatMap(s => s.members.map(m => m.host)));
  return [...hosts].flatMap((host): Diagnostic[] => {
    const table = views.get(host)?.inventory.nft.find(t => t.name === ENGINE_TABLE);
    if (!table) return [];
    return [
      {
        severity: 'error',
        code: 'engine.firewall',
        host,
        summary: `this engine filters with nftables by itself (table ${table.family} ${table.name}), which a routed switch cannot open`,
        hint: 'set "firewall-backend": "iptables" in /etc/docker/daemon.json there, then: systemctl restart docker',
      },
    ];
  });
}
