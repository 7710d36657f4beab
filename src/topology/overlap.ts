import { familyOf, parsePrefix, size } from '../core/index.js';
import type { DocPath, HostName, Prefix } from '../core/index.js';
import { clash, elementPath, subnetPath } from './sight.js';
import type { Sight } from './sight.js';
import type { Finding } from './finding.js';

/** A subnet somewhere in the document. */
interface Piece {
  readonly prefix: Prefix;
  readonly text: string;
  readonly what: string;
  readonly path: DocPath;
  /** Its place in document order. */
  readonly order: number;
}

/** Subnets that share addresses: within one switch, within one host's engine, and of gateways within one host's VPP. */
export function checkOverlaps(sight: Sight): readonly Finding[] {
  const bySwitch = new Map<string, Piece[]>();
  const byHost = new Map<string, Piece[]>();
  let order = 0;
  for (const [stack, { host, networks }] of Object.entries(sight.topology.stacks)) {
    for (const [network, { subnets, fabric }] of Object.entries(networks)) {
      subnets.forEach(({ subnet }, n) => {
        const what = `network "${network}" of stack "${stack}"`;
        const piece = {
          prefix: parsePrefix(subnet)!,
          text: subnet,
          what,
          path: subnetPath(sight.root, stack, network, n),
          order: order++,
        };
        add(byHost, host, piece);
        if (fabric) add(bySwitch, fabric.switch, piece);
      });
    }
  }
  for (const [name, { subnets }] of Object.entries(sight.topology.switches)) {
    subnets.forEach((subnet, n) => {
      const path = elementPath(sight.root, ['switches', name, 'subnet'], n);
      add(bySwitch, name, {
        prefix: parsePrefix(subnet)!,
        text: subnet,
        what: `switch "${name}"`,
        path,
        order: order++,
      });
    });
  }
  const inSwitches = [...bySwitch].flatMap(([name, pieces]) =>
    overlaps(sight, pieces, `on switch "${name}"`),
  );
  // Two networks of one switch on one host are told once, with the switch.
  const told = new Set(inSwitches.map(f => f.path.join('\0')));
  const onHosts = [...byHost].flatMap(([host, pieces]) => overlaps(sight, pieces, `on host "${host}"`));
  const inVpps = [...bviPieces(sight)].flatMap(([host, pieces]) =>
    overlaps(sight, pieces, `in VPP on host "${host}"`),
  );
  return [...inSwitches, ...onHosts.filter(f => !told.has(f.path.join('\0'))), ...inVpps];
}

/** By host: VPP refuses an address in a subnet in which another of its interfaces has one (`reference/vpp`). */
function bviPieces({ topology, root }: Sight): ReadonlyMap<HostName, readonly Piece[]> {
  const found = new Map<HostName, Piece[]>();
  let order = 0;
  for (const [name, on] of Object.entries(topology.switches)) {
    if (on.kind !== 'vpp') continue;
    for (const { host, bvi, path } of on.hosts)
      bvi.forEach((text, n) => {
        const own = [text, ...on.subnets].map(parsePrefix).find(p => p?.family === familyOf(text));
        const at = elementPath(root, [...path, 'bvi'], n);
        const what = `switch "${name}"`;
        if (own) add(found, host, { prefix: own, text: `bvi ${text}`, what, path: at, order: order++ });
      });
  }
  return found;
}

/** Sorted by base, prefixes nest or stand apart: one look at what encloses each is enough. */
function overlaps(sight: Sight, pieces: readonly Piece[], where: string): readonly Finding[] {
  const enclosing: Piece[] = [];
  const findings: Finding[] = [];
  for (const piece of [...pieces].sort(byBase)) {
    while (enclosing.length > 0 && !reaches(enclosing.at(-1)!, piece)) enclosing.pop();
    const outer = enclosing.at(-1);
    enclosing.push(piece);
    if (!outer) continue;
    const [first, second] = outer.order < piece.order ? [outer, piece] : [piece, outer];
    const summary = `${second.text} of ${second.what} overlaps ${first.text} of ${first.what} ${where}`;
    findings.push(clash(sight, 'subnet.overlap', summary, second.path, { other: first.path }));
  }
  return findings;
}

function reaches(outer: Piece, { prefix }: Piece): boolean {
  return outer.prefix.family === prefix.family && outer.prefix.base + size(outer.prefix) > prefix.base;
}

function byBase(a: Piece, b: Piece): number {
  const { prefix: p } = a;
  const { prefix: q } = b;
  if (p.family !== q.family) return p.family - q.family;
  return p.base < q.base ? -1 : p.base > q.base ? 1 : p.length - q.length || a.order - b.order;
}

function add(map: Map<string, Piece[]>, key: string, piece: Piece): void {
  const list = map.get(key);
  if (list) list.push(piece);
  else map.set(key, [piece]);
}
