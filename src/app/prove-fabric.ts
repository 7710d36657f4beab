import { switchesOf } from '../core/index.js';
import type { Family, Resolved, ResolvedVxlan } from '../core/index.js';
import { addressesOf } from './address.js';
import { locateAll, nameOf } from './containers.js';
import type { Located } from './containers.js';
import type { Evidence, Trial } from './trial.js';
import type { World } from './world.js';

/** From a container of every touched stack on a routed switch to one on each other host of it, at the switch's MTU. */
export function fabricTrials(evidence: Evidence): readonly Trial[] {
  return switchesOf(evidence.resolved, 'vxlan').flatMap(s => trialsOn(s, evidence));
}

function trialsOn(on: ResolvedVxlan, evidence: Evidence): readonly Trial[] {
  const { resolved, plan, unfinished, world, mtuOf } = evidence;
  const touched = new Set(plan.actions.map(a => `${a.group.is} ${a.group.name}`));
  const open = new Set(unfinished.map(a => `${a.host} ${a.group.is} ${a.group.name}`));
  const all = endsOf(on, resolved, world).filter(({ located: { host, stack } }) =>
    [`switch ${on.name}`, `stack ${stack}`, `host ${host}`].every(what => !open.has(`${host} ${what}`)),
  );
  return ([4, 6] as const).flatMap(family => {
    const ends = all.filter(e => e.family === family);
    return pairs(ends, on, touched).map(([from, to]): Trial => ({
      host: from.located.host,
      from: nameOf(from.located),
      to: nameOf(to.located),
      start: { container: from.located.owner },
      address: to.address,
      bytes: mtuOf.get(on.name)!,
    }));
  });
}

function pairs(
  ends: readonly End[],
  on: ResolvedVxlan,
  touched: ReadonlySet<string>,
): readonly (readonly [End, End])[] {
  const hosts = [...new Set(ends.map(e => e.located.host))];
  return ends.flatMap((end, i) =>
    hosts.flatMap(host => {
      const there = ends.filter(e => e.located.host === host && e !== end);
      const other = there[i % Math.max(1, there.length)];
      const names = [`switch ${on.name}`, `stack ${end.located.stack}`, `stack ${other?.located.stack}`];
      return other && names.some(n => touched.has(n)) ? [[end, other] as const] : [];
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
