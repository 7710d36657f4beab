import type { Family } from '../../src/core/index.js';

/** Who asks and who is asked, by the stacks of matrix-topology.ts. `via`: how they are to each other. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly via: string;
  readonly where: 'same host' | 'other host';
  /** Whether the container's own address answers; a port published on the host's address answers whoever asks. */
  readonly reaches: boolean;
}

/** How a container is asked. */
export const WAYS = ['ping', 'port', 'published port', "published port at the host's address"] as const;
export type Way = (typeof WAYS)[number];

/** FORWARD policies: an engine that turns forwarding on itself makes it DROP, and leaves it as it is where it was on. */
export const POLICIES = ['DROP', 'ACCEPT'] as const;
export type Policy = (typeof POLICIES)[number];

/** Two fabrics, red and blue, and networks on none, on the hosts `left` (a) and `right` (b); `aside` (c) has no fabric; `lan-a` is a network of `left` that is not Docker's. */
export const PAIRS: readonly Pair[] = [
  pair('red-a', 'red-a2', 'same VNI', true),
  pair('red-a', 'red-b', 'same VNI', true),
  pair('red-a', 'blue-a', 'other VNI', false),
  pair('red-a', 'blue-b', 'other VNI', false),
  pair('blue-a', 'red-a', 'other VNI', false),
  pair('blue-a', 'red-b', 'other VNI', false),
  pair('red-a', 'plain-a', 'fabric to no fabric', false),
  pair('red-a', 'plain-b', 'fabric to no fabric', false),
  pair('plain-a', 'red-a', 'no fabric to fabric', false),
  pair('plain-a', 'red-b', 'no fabric to fabric', false),
  pair('lan-a', 'red-a', "host's LAN to fabric", false),
  pair('plain-c', 'red-a', 'underlay to fabric', false),
  pair('plain-c', 'red-b', 'underlay to fabric', false),
];

/** One question, and where its answer belongs. */
export interface Cell {
  readonly pair: Pair;
  readonly family: Family;
  readonly policy: Policy;
  readonly way: Way;
  /** Whether the engines leave the rules of iptables to the hosts: a policy of DROP then closes what it publishes, too. */
  readonly nftables: boolean;
}

/** A name of the cell, for people and as a key. */
export function nameOf({ pair: { from, to }, family, policy, way }: Cell): string {
  return `${from} to ${to}, IPv${family}, FORWARD ${policy}, ${way}`;
}

/** All questions of some families. By IPv6 the hosts' own addresses are left out: the sandboxes' network is IPv4. */
export function cellsOf(families: readonly Family[], nftables: boolean): readonly Cell[] {
  return PAIRS.flatMap(pair =>
    families.flatMap(family =>
      POLICIES.flatMap(policy => waysOf(family).map(way => ({ pair, family, policy, way, nftables }))),
    ),
  );
}

/** How a container is asked by a family's addresses. */
export function waysOf(family: Family): readonly Way[] {
  return family === 4 ? WAYS : WAYS.filter(way => way !== "published port at the host's address");
}

/** Whether an answer is what the cell is to say. Where it is the engine's own matter anything is. */
export function asExpected(cell: Cell, answer: boolean | undefined): boolean {
  return answer !== undefined && (enginesOwn(cell) || answer === expected(cell));
}

/** By IPv6 engines before 27 keep no bridges apart that are on no fabric. */
function enginesOwn({ pair, family, policy, way, nftables }: Cell): boolean {
  if (nftables && policy === 'DROP' && way === "published port at the host's address") return true;
  return family === 6 && pair.via === 'fabric to no fabric' && pair.where === 'same host';
}

function expected({ pair, way }: Cell): boolean {
  return pair.reaches || way === "published port at the host's address";
}

/** A table as text: a line per pair, family and policy, a column per way; a cell that is wrong bears what it must be. */
export function drawMatrix(
  families: readonly Family[],
  nftables: boolean,
  answer: (cell: Cell) => boolean | undefined,
): string {
  const head = ['relation', 'where', 'from', 'to', 'IP', 'FORWARD', ...WAYS];
  const rows = PAIRS.flatMap(pair =>
    families.flatMap(family =>
      POLICIES.map(policy => [
        pair.via,
        pair.where,
        pair.from,
        pair.to,
        `v${family}`,
        policy,
        ...waysOf(family).map(way => drawn({ pair, family, policy, way, nftables }, answer)),
      ]),
    ),
  );
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map(row => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

function drawn(cell: Cell, answer: (cell: Cell) => boolean | undefined): string {
  const given = answer(cell);
  const said = given === undefined ? 'not asked' : given ? 'yes' : '-';
  if (enginesOwn(cell) && given !== expected(cell)) return `${said} (the engine's own)`;
  return given === expected(cell) ? said : `${said} (must be ${expected(cell) ? 'yes' : '-'})`;
}

function pair(from: string, to: string, via: string, reaches: boolean): Pair {
  const host = (stack: string): string => stack.split('-')[1]![0]!;
  return { from, to, via, where: host(from) === host(to) ? 'same host' : 'other host', reaches };
}
