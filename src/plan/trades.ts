import {
  aroundClaim,
  type Claim,
  type HostName,
  kindOf,
  type Registry,
  type ResourceId,
  type Stray,
} from '../core/index.js';
import type { Decision } from './decide.js';

/** What one resource lets go of, or something in its way, another one on the same host is to have. */
export interface Trade {
  readonly from: ResourceId;
  readonly to: ResourceId;
  readonly what: Claim;
}

/** Who has to let go before whom, by claims; one trade for each two. In the order of the decisions that take. */
export function tradesOf(
  registry: Registry,
  decisions: readonly Decision[],
  deletes: readonly Stray[],
): readonly Trade[] {
  const moves = [...decisions.map(d => moveOf(registry, d)), ...deletes.map(d => leaving(registry, d))];
  const given = new Map<string, ResourceId[]>();
  const within = new Map<string, ResourceId[]>();
  for (const { host, id, gives } of moves)
    for (const claim of gives) {
      push(given, at(host, claim), id);
      for (const wide of aroundClaim(claim)) push(within, at(host, wide), id);
    }
  if (given.size === 0) return [];
  const trades = new Map<string, Trade>();
  for (const { host, id, takes } of moves)
    for (const what of takes) {
      const inside = within.get(at(host, what)) ?? [];
      for (const from of [...aroundClaim(what).flatMap(wide => given.get(at(host, wide)) ?? []), ...inside])
        if (from !== id && !trades.has(`${from} ${id}`)) trades.set(`${from} ${id}`, { from, to: id, what });
    }
  return [...trades.values()];
}

interface Move {
  readonly id: ResourceId;
  readonly host: HostName;
  readonly gives: readonly Claim[];
  readonly takes: readonly Claim[];
}

function moveOf(registry: Registry, { resource, change }: Decision): Move {
  const kind = kindOf(registry, resource.kind);
  const has = new Set(change.verb === 'create' ? [] : kind.holds?.(change.have));
  const wants = new Set(kind.claims?.(resource));
  return {
    id: resource.id,
    host: resource.host,
    gives: [...has].filter(claim => !wants.has(claim)),
    takes: [...wants].filter(claim => !has.has(claim)),
  };
}

function leaving(registry: Registry, { id, host, kind, state }: Stray): Move {
  return { id, host, gives: kindOf(registry, kind).holds?.(state) ?? [], takes: [] };
}

function at(host: HostName, claim: Claim): string {
  return `${host} ${claim}`;
}

function push(map: Map<string, ResourceId[]>, key: string, id: ResourceId): void {
  const list = map.get(key);
  if (list) list.push(id);
  else map.set(key, [id]);
}
