import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, InventoryPart, Resolved } from '../core/index.js';
import { hostsOfLink } from './link-hosts.js';
import { networksInReach } from './reach.js';

/** What a fabric is made and read back with: the program, what it reads, and the Debian package that has it. */
const PROGRAMS: readonly (readonly [program: string, reads: InventoryPart, from: string])[] = [
  ['ip', 'links', 'iproute2'],
  ['bridge', 'fdb', 'iproute2'],
  ['ss', 'udp', 'iproute2'],
  ['iptables', 'iptables', 'iptables'],
  ['nft', 'nft', 'nftables'],
  ['sysctl', 'sysctls', 'procps'],
  ['awk', 'nameBlocks', 'mawk'],
];

/** What namespaces of containers are entered with; nothing is read with it unless there is one. */
const ENTERING: readonly (readonly [program: string, reads: InventoryPart, from: string])[] = [
  ['nsenter', 'namespaces', 'util-linux'],
];

/** What impairs. */
const IMPAIRING: typeof ENTERING = [['tc', 'links', 'iproute2']];

/** What a host on a switch could not tell for want of a program: said as that, with the package to install. */
export function missingPrograms(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const routed = new Set(switchesOf(resolved, 'vxlan').flatMap(s => s.members.map(m => m.host)));
  const spread = switchesOf(resolved, 'segment').flatMap(s => s.hosts);
  const wired = new Set(resolved.links.flatMap(link => hostsOfLink(resolved, link)));
  const impaired = new Set(
    resolved.links.flatMap(link => hostsOfLink(resolved, link).filter((_, n) => link.ends[n]!.impair)),
  );
  return [...new Set([...routed, ...spread, ...wired])].flatMap((host): Diagnostic[] => {
    const view = views.get(host);
    if (!view || !networksInReach(view)) return [];
    const isAbsent = (program: string): boolean => !(program in view.facts.tools);
    const missing = [
      ...PROGRAMS.filter(([program, part]) => view.inventory.unread[part] !== undefined && isAbsent(program)),
      ...(wired.has(host) && !view.facts.computed ? ENTERING.filter(([program]) => isAbsent(program)) : []),
      ...(impaired.has(host) ? IMPAIRING.filter(([program]) => isAbsent(program)) : []),
    ];
    if (missing.length === 0) return [];
    const packages = [...new Set(missing.map(([, , from]) => from))].sort();
    return [
      {
        severity: 'error',
        code: 'program.missing',
        host,
        summary: `this host has no ${missing.map(([program]) => program).join(' and no ')}, which ${wired.has(host) && !routed.has(host) ? 'links need' : 'a switch needs'}`,
        hint: `install it there: apt-get install ${packages.join(' ')}`,
      },
    ];
  });
}
