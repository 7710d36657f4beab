import { EXIT, sortDiagnostics } from '../core/index.js';
import type { Diagnostic, Host, HostView, Resolved } from '../core/index.js';
import { compile } from '../compile/index.js';
import { describeTarget } from '../hosts/index.js';
import type { HostTarget } from '../hosts/index.js';
import type { Connections } from './connections.js';
import { load } from './load.js';
import { NotReady } from './not-ready.js';
import { isImpaired } from './plan.js';
import { withConnections } from './session.js';
import { needsOperator, targetsOf } from './targets.js';
import type { Context, HostReport, HostsReport } from './types.js';
import { readWorld } from './world.js';
import type { World } from './world.js';

const EXCHANGES = 3;

/** What every host of the file is, how it was reached, and what is missing on it for this file. Changes nothing. Throws NotReady. */
export async function hosts(context: Context): Promise<HostsReport> {
  const { resolved, diagnostics } = await load(context);
  if (!resolved) throw new NotReady(diagnostics, EXIT.invalid);
  const targets = targetsOf(resolved);
  const operator = needsOperator(targets, {});
  const scene = { topology: resolved.name, targets, operator, impaired: isImpaired(resolved) };
  return withConnections(scene, context, async links => {
    const world = await readWorld(scene, links, context);
    const found = problemsOf(resolved, world);
    const reports = targets.map(t => reportOf(t, world, links, context, found));
    return { topology: resolved.name, hosts: await Promise.all(reports), diagnostics: found };
  });
}

/** What a plan would be refused for, as far as it lies at a host. */
function problemsOf(resolved: Resolved, world: World): readonly Diagnostic[] {
  const { diagnostics } = compile(resolved, world.views, () => '');
  return sortDiagnostics([...world.diagnostics, ...diagnostics]).filter(d => d.host !== undefined);
}

async function reportOf(
  target: HostTarget,
  world: World,
  links: Connections,
  context: Context,
  found: readonly Diagnostic[],
): Promise<HostReport> {
  const own = found.filter(d => d.host === target.name && d.severity === 'error');
  const given = describeTarget(target);
  const base = { host: target.name, given, problems: own.map(d => d.summary) };
  const view = world.views.get(target.name);
  if (!view) return { ...base, ...NOTHING, state: 'unreachable' };
  if (view.facts.computed)
    return { ...base, ...NOTHING, ...factsOf(view), engine: '', state: 'not there yet' };
  const host = await links.host(target.name);
  const roundTrip = await measure(host, context);
  const state = view.facts.engineOnly ? 'engine only' : 'reached';
  return { ...base, ...factsOf(view), state, reached: host.described, roundTrip };
}

type Known = Pick<
  HostReport,
  'reached' | 'system' | 'kernel' | 'arch' | 'engine' | 'firewall' | 'rootless' | 'tools'
>;

const NOTHING: Known = {
  reached: '',
  system: '',
  kernel: '',
  arch: '',
  engine: '',
  firewall: '',
  rootless: false,
  tools: {},
};

function factsOf({ facts, inventory }: HostView): Omit<Known, 'reached'> {
  const { kernel, arch, tools, engine } = facts;
  if (engine.is === 'missing') return { ...NOTHING, kernel, arch, tools };
  const own = inventory.nft.some(t => t.name === 'docker-bridges') ? 'nftables' : '';
  const rules = inventory.iptables[4]?.['filter']?.['DOCKER-USER'] ? 'iptables' : '';
  return {
    kernel,
    arch,
    tools,
    system: engine.system ?? '',
    engine: engine.version,
    firewall: engine.firewall ?? (own || rules),
    rootless: engine.rootless ?? false,
  };
}

/** Milliseconds of the least that can be asked: a command that does nothing, or the engine's ping. */
async function measure(host: Host, { now, signal }: Context): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < EXCHANGES; i++) {
    const began = now();
    if (host.engineOnly) await host.engine({ via: 'docker', method: 'GET', path: '/_ping' }, { signal });
    else await host.exec(['true'], { signal, root: false });
    took.push(now() - began);
  }
  return took.sort((a, b) => a - b)[Math.floor(EXCHANGES / 2)]!;
}
