import { decideUp, type Decision } from '../../src/app/decide.js';
import { digestsOf } from '../../src/app/digests.js';
import type { Focus } from '../../src/app/types.js';
import type { World } from '../../src/app/world.js';
import { compile } from '../../src/compile/index.js';
import { hasErrors, OPERATOR, type HostName, type HostView, type Resolved } from '../../src/core/index.js';
import { computedView } from '../../src/facts/index.js';
import { kinds } from '../../src/kinds/index.js';
import { resolve } from '../../src/resolve/index.js';
import { sandboxAddresses } from '../../src/tools/index.js';
import { readTopology } from '../../src/topology/index.js';
import { asApplied } from './applied.js';
import { hostView, operatorView, type HostOptions } from './hosts.js';

/** The key of the keyed digests in tests. */
export const KEY = '0123456789abcdef';

/** A topology's text as resolved; throws what is wrong with it. */
export function resolved(text: string): Resolved {
  const read = readTopology({ path: 'topology.yaml', text, directory: '/lab', environment: {} });
  const result = read.topology && resolve(read.topology, read.locate, {});
  const wrong = [...read.diagnostics, ...(result?.diagnostics ?? [])];
  if (!result?.resolved || hasErrors(wrong)) throw new Error(JSON.stringify(wrong, undefined, 1));
  return result.resolved;
}

/** The hosts of a topology before anything is made on them: sandboxes are not there, the others are reached. */
export function freshWorld(topology: Resolved, hosts: Readonly<Record<HostName, HostOptions>> = {}): World {
  const sandboxes = new Map(
    topology.hosts.flatMap(h => (h.sandbox === undefined ? [] : [[h.name, h.sandbox]])),
  );
  const operator = operatorView();
  const addresses = sandboxAddresses([...sandboxes.values()], []);
  const views = topology.hosts.map((host, i) =>
    host.sandbox === undefined
      ? hostView(host.name, i + 1, hosts[host.name])
      : computedView(host.name, operator, { address: `${addresses.get(host.sandbox)!}/16` }),
  );
  return worldOf([...(sandboxes.size > 0 ? [operator] : []), ...views], sandboxes);
}

/** The same hosts once the topology was applied to them, but for what is in a VPP. Throws where it can't be. */
export function appliedWorld(topology: Resolved, world: World): World {
  const isDerived = (kind: string): boolean => kinds.get(kind)!.derived !== undefined;
  const isInVpp = (kind: string): boolean => kinds.get(kind)!.reads?.includes('vpp') ?? false;
  const made = withApplied(topology, world, kind => !isDerived(kind) && !isInVpp(kind));
  return withApplied(topology, made, isDerived);
}

/** What is derived follows addresses, which are only there once the rest is. */
function withApplied(topology: Resolved, world: World, which: (kind: string) => boolean): World {
  const { resources, diagnostics } = compile(topology, world.views, digestsOf(world, KEY));
  if (hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  const chosen = resources.filter(r => which(r.kind));
  return worldOf(asApplied(topology.name, chosen, [...world.views.values()], KEY), world.sandboxes);
}

/** What `topo up` would decide. */
export function decided(topology: Resolved, world: World, focus?: Focus): Decision {
  return decideUp(topology, world, KEY, focus);
}

/** Another view of some hosts, as a function of the one they have. */
export function changed(world: World, change: (view: HostView) => HostView): World {
  return worldOf([...world.views.values()].map(change), world.sandboxes);
}

/** The same world where some hosts can't be reached, and are left out. */
export function skipping(world: World, hosts: readonly HostName[]): World {
  const skipped = hosts.map(
    host => ({ severity: 'error', code: 'ssh.timeout', summary: 'dead', host }) as const,
  );
  const views = new Map([...world.views].filter(([host]) => !hosts.includes(host)));
  return { ...world, views, skipped };
}

function worldOf(views: readonly HostView[], sandboxes: World['sandboxes']): World {
  const states = views.find(v => v.host === OPERATOR)?.inventory.sandboxes ?? [];
  const broken = new Set(states.filter(s => !s.running || s.problems.length > 0).map(s => s.name));
  const halfUp = new Set([...sandboxes].filter(([, name]) => broken.has(name)).map(([host]) => host));
  return { views: new Map(views.map(v => [v.host, v])), diagnostics: [], skipped: [], halfUp, sandboxes };
}
