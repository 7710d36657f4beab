import { familyOf, switchesOf } from '../core/index.js';
import type { Action, Family, Host, Plan, Resolved, ResolvedVxlan } from '../core/index.js';
import { inspectContainer, parseProbes, probeCall } from '../tools/index.js';
import type { Connections } from './connections.js';
import { addressesOf } from './address.js';
import { locateAll, nameOf } from './containers.js';
import type { Located } from './containers.js';
import { sandboxKey } from './namespace.js';
import { onHost } from './on-host.js';
import type { Context, Proof } from './types.js';
import type { World } from './world.js';

/** What a proof is about: what was changed, and how things are now. */
export interface Evidence {
  readonly resolved: Resolved;
  readonly plan: Plan;
  /** What was not asked for: a path that hangs on any of it can't be expected to work yet. */
  readonly leftOut: readonly Action[];
  readonly world: World;
  readonly links: Connections;
  readonly mtuOf: ReadonlyMap<string, number>;
}

/**
 * Shows that what was made or changed carries packets: from a container of every touched stack to one on each other
 * host of its switch, a ping with DF at the switch's exact MTU, sent from inside the namespace.
 */
export async function prove(evidence: Evidence, context: Context): Promise<readonly Proof[]> {
  const pairs = switchesOf(evidence.resolved, 'vxlan').flatMap(s => pairsOf(s, evidence));
  if (pairs.length === 0) return [];
  context.emit({ type: 'phase', phase: 'prove', text: `sending ${pairs.length} pings at the full MTU` });
  const hosts = [...new Set(pairs.map(p => p.from.host))];
  const proofs = await Promise.all(
    hosts.map(host =>
      onHost(evidence.links, host, there =>
        proveFrom(
          there,
          pairs.filter(p => p.from.host === host),
        ),
      ),
    ),
  );
  return proofs.flat();
}

interface Pair {
  readonly from: Located;
  readonly to: Located;
  readonly address: string;
  readonly bytes: number;
}

function pairsOf(on: ResolvedVxlan, { resolved, plan, leftOut, world, mtuOf }: Evidence): readonly Pair[] {
  const touched = new Set(plan.actions.map(a => `${a.group.is} ${a.group.name}`));
  const unfinished = new Set(leftOut.map(a => `${a.host} ${a.group.is} ${a.group.name}`));
  const all = endsOf(on, resolved, world).filter(({ located: { host, stack } }) =>
    [`switch ${on.name}`, `stack ${stack}`, `host ${host}`].every(what => !unfinished.has(`${host} ${what}`)),
  );
  return ([4, 6] as const).flatMap(family => {
    const ends = all.filter(e => e.family === family);
    return pairs(ends, on, touched).map(pair => ({ ...pair, bytes: mtuOf.get(on.name)! }));
  });
}

function pairs(
  ends: readonly End[],
  on: ResolvedVxlan,
  touched: ReadonlySet<string>,
): readonly Omit<Pair, 'bytes'>[] {
  const hosts = [...new Set(ends.map(e => e.located.host))];
  return ends.flatMap((end, i) =>
    hosts.flatMap(host => {
      const there = ends.filter(e => e.located.host === host && e !== end);
      const other = there[i % Math.max(1, there.length)];
      const names = [`switch ${on.name}`, `stack ${end.located.stack}`, `stack ${other?.located.stack}`];
      if (!other || !names.some(n => touched.has(n))) return [];
      return [{ from: end.located, to: other.located, address: other.address }];
    }),
  );
}

interface End {
  readonly located: Located;
  readonly family: Family;
  readonly address: string;
}

/** One running container of each stack on the switch, with its address of each family there. */
function endsOf(on: ResolvedVxlan, resolved: Resolved, world: World): readonly End[] {
  const running = locateAll(resolved.name, world).filter(l => l.container.state === 'running');
  return on.members.flatMap(member => {
    const stack = resolved.stacks.find(s => s.name === member.stack);
    const network = stack?.networks.find(n => n.key === member.network)?.name ?? '';
    const located = running.find(l => l.stack === member.stack && l.container.networks[network]);
    const there = located ? addressesOf(resolved, located).filter(a => a.network === network) : [];
    return there.map(({ family, address }) => ({ located: located!, family, address }));
  });
}

async function proveFrom(host: Host, pairs: readonly Pair[]): Promise<readonly Proof[]> {
  const ids = [...new Set(pairs.map(p => p.from.container.id))];
  const inspected = await Promise.all(
    ids.map(async id => [id, sandboxKey((await host.engine(inspectContainer(id))).body)] as const),
  );
  const netns = new Map(inspected);
  const probes = pairs.map(p => ({
    netns: netns.get(p.from.container.id) || '/nowhere',
    address: p.address,
    bytes: p.bytes,
  }));
  const { argv, stdin } = probeCall(probes);
  const answers = parseProbes((await host.exec(argv, { stdin })).stdout, pairs.length);
  return pairs.map((pair, i) => ({
    from: nameOf(pair.from),
    to: nameOf(pair.to),
    how: howOf(pair),
    ...answers[i]!,
  }));
}

/** IPv6 has no bit for it: its routers never fragment (RFC 8200, section 5). */
function howOf({ address, bytes }: Pair): string {
  return familyOf(address) === 6 ? `IPv6 ping of ${bytes} bytes` : `ping of ${bytes} bytes with DF`;
}
