import { spellAddress, withoutLength } from '../core/index.js';
import type { VppDeclaration } from '../core/index.js';
import type { Finding } from './finding.js';
import { clash, elementPath } from './sight.js';
import type { Sight } from './sight.js';

/** Bridge domains of VPP: ids, and addresses on one segment, that are had twice. */
export function checkVpp(sight: Sight): readonly Finding[] {
  const all = Object.entries(sight.topology.switches).flatMap(([name, s]) =>
    s.kind === 'vpp' ? [[name, s] as const] : [],
  );
  return [...doubledDomains(sight, all), ...all.flatMap(([name, s]) => doubledAddresses(sight, name, s))];
}

function doubledDomains(
  sight: Sight,
  all: readonly (readonly [string, VppDeclaration])[],
): readonly Finding[] {
  const seen = new Map<number, string>();
  return all.flatMap(([name, { domain }]): readonly Finding[] => {
    const holder = domain === undefined ? undefined : seen.get(domain);
    if (domain !== undefined && holder === undefined) seen.set(domain, name);
    if (holder === undefined) return [];
    const summary = `bridge domain ${domain} is that of switch "${holder}" already`;
    const other = ['switches', holder, 'bridge_domain'];
    return [clash(sight, 'domain.taken', summary, ['switches', name, 'bridge_domain'], { other })];
  });
}

/** Each host has a gateway of its own: two of one address would answer for each other. */
function doubledAddresses(sight: Sight, name: string, { hosts }: VppDeclaration): readonly Finding[] {
  const seen = new Map<string, string>();
  return hosts.flatMap(({ host, bvi, path }) =>
    bvi.flatMap((text, n): readonly Finding[] => {
      const bare = spellAddress(withoutLength(text));
      const other = seen.get(bare);
      seen.set(bare, host);
      if (other === undefined) return [];
      const summary = `bvi ${text} is that of host ${other} on switch "${name}" already`;
      return [clash(sight, 'address.taken', summary, elementPath(sight.root, [...path, 'bvi'], n))];
    }),
  );
}
