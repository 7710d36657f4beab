import { hasErrors, sortDiagnostics } from '../core/index.js';
import type {
  Diagnostic,
  HostDeclaration,
  Locate,
  Resolved,
  ResolvedHost,
  ResolvedVxlan,
  Topology,
} from '../core/index.js';
import type { Environment } from './environment.js';
import { resolveBuilds, type ReadContext } from './build.js';
import { resolveFiles, type ReadFile } from './files.js';
import { checkLinkOrder } from './link-order.js';
import { resolveLinks } from './links.js';
import { checkEngineNames } from './names.js';
import { pluggedServices } from './plugs.js';
import { resolveStack } from './stack.js';
import { resolveSwitches } from './switches.js';
import { switchVnis } from './vnis.js';
import { resolveVxlans } from './vxlan.js';

export type { ReadContext } from './build.js';
export type { ReadFile } from './files.js';

/** What of this machine's files goes to the hosts. */
export interface Machine {
  readonly readFile: ReadFile;
  readonly readContext: ReadContext;
}

const NOTHING: Machine = {
  readFile: () => ({ is: 'unreadable', why: 'no files are read here' }),
  readContext: () => ({ is: 'unreadable', why: 'no files are read here' }),
};

/**
 * Stage two: a topology comes in; the same with every name, number and default that the file alone decides goes out, or
 * what can't be decided. Knows nothing of hosts but what the file says. `environment` is topo's own, for environment
 * variables of services that have no value in the file; `machine` gives what of this machine's files goes to the hosts.
 */
export function resolve(
  topology: Topology,
  locate: Locate,
  environment: Environment,
  machine: Machine = NOTHING,
): { resolved?: Resolved; diagnostics: readonly Diagnostic[] } {
  const vnis = switchVnis(topology);
  const fabrics = resolveVxlans(topology, vnis, locate);
  const addresses = addressesByStack(fabrics.switches);
  const plugged = pluggedServices(topology);
  const files = new Map(
    Object.entries(topology.stacks).map(([name, s]) => [
      name,
      resolveFiles(name, s, machine.readFile, locate),
    ]),
  );
  const builds = new Map(
    Object.entries(topology.stacks).map(([name, s]) => [
      name,
      resolveBuilds(name, s, environment, machine.readContext, locate),
    ]),
  );
  const stacks = Object.entries(topology.stacks).map(([name, stack]) =>
    resolveStack(topology, name, stack, {
      addresses: addresses.get(name) ?? new Map(),
      files: files.get(name)!.files,
      plugged,
      builds: builds.get(name)!.builds,
      environment,
    }),
  );
  const { links, diagnostics: ofLinks } = resolveLinks(topology, stacks, vnis.values(), locate);
  const diagnostics = sortDiagnostics([
    ...fabrics.diagnostics,
    ...ofLinks,
    ...checkLinkOrder(stacks, links, locate),
    ...checkEngineNames(stacks, locate),
    ...[...files.values(), ...builds.values()].flatMap(f => f.diagnostics),
  ]);
  if (hasErrors(diagnostics)) return { diagnostics };
  const hosts = Object.entries(topology.hosts).map(([name, host]) => resolveHost(topology.name, name, host));
  const switches = resolveSwitches(topology, fabrics.switches, links, vnis);
  return {
    resolved: { name: topology.name, hosts, stacks, switches, links, checks: topology.checks, locate },
    diagnostics,
  };
}

function resolveHost(topology: string, name: string, host: HostDeclaration): ResolvedHost {
  return { ...host, name, ...(host.form.is === 'sandbox' && { sandbox: `${topology}-${name}` }) };
}

function addressesByStack(
  switches: readonly ResolvedVxlan[],
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Map<string, readonly string[]>>();
  for (const { name, members } of switches) {
    for (const { stack, addresses } of members) {
      const mine = found.get(stack) ?? new Map<string, readonly string[]>();
      found.set(stack, mine.set(name, addresses));
    }
  }
  return found;
}
