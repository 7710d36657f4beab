import { spellAddress, withoutLength } from '../core/index.js';
import type { EndDeclaration, VppDeclaration } from '../core/index.js';
import { valueAt } from './at.js';
import { isMap } from './blocks.js';
import type { Finding } from './finding.js';
import { clash, elementPath } from './sight.js';
import type { Sight } from './sight.js';
import { VPP_WORD, VPP_WORD_HINT } from './vpp.js';

/** Bridge domains of VPP: ids, and addresses on one segment, that are had twice; names that VPP would change. */
export function checkVpp(sight: Sight): readonly Finding[] {
  const all = Object.entries(sight.topology.switches).flatMap(([name, s]) =>
    s.kind === 'vpp' ? [[name, s] as const] : [],
  );
  return [
    ...doubledDomains(sight, all),
    ...all.flatMap(([name, s]) => doubledAddresses(sight, name, s)),
    ...sight.topology.links.flatMap(({ ends: [a, b] }) => [
      ...changedName(sight, a, b),
      ...changedName(sight, b, a),
    ]),
  ];
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

/** A device that is to be a port by its own name. */
function changedName(sight: Sight, { at, path }: EndDeclaration, other: EndDeclaration): readonly Finding[] {
  if (at.is !== 'named' || at.port === undefined || VPP_WORD.test(at.port)) return [];
  const { switches } = sight.topology;
  if (other.at.is !== 'named' || switches[other.at.name]?.kind !== 'vpp') return [];
  const summary = `VPP does not take "${at.port}" as the name of a device: it would change or swallow a part`;
  const spot = isMap(valueAt(sight.root, path)) ? [...path, 'at'] : path;
  return [clash(sight, 'name.invalid', summary, spot, { hint: VPP_WORD_HINT })];
}
