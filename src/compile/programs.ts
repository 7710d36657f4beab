import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, InventoryPart, Resolved } from '../core/index.js';

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

/** What a host on a switch could not tell for want of a program: said as that, with the package to install. */
export function missingPrograms(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const hosts = new Set(switchesOf(resolved, 'vxlan').flatMap(s => s.members.map(m => m.host)));
  return [...hosts].flatMap((host): Diagnostic[] => {
    const { facts, inventory } = views.get(host) ?? {};
    const missing = PROGRAMS.filter(
      ([program, part]) => inventory?.unread[part] !== undefined && !(program in (facts?.tools ?? {})),
    );
    if (missing.length === 0) return [];
    const packages = [...new Set(missing.map(([, , from]) => from))].sort();
    return [
      {
        severity: 'error',
        code: 'program.missing',
        host,
        summary: `this host has no ${missing.map(([program]) => program).join(' and no ')}, which a switch needs`,
        hint: `install it there: apt-get install ${packages.join(' ')}`,
      },
    ];
  });
}
