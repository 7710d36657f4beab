import type {
  Diagnostic,
  EngineFacts,
  HostName,
  HostView,
  Resolved,
  ResolvedStack,
  ResourceLimits,
} from '../core/index.js';

type Limit = keyof ResourceLimits;

/** What an engine must be able to limit for each, by the names of its own facts, and Compose's name of it. */
const NEEDS: Readonly<Partial<Record<Limit, readonly [engine: string, key: string]>>> = {
  cpus: ['CpuCfsQuota', 'cpus'],
  cpuPeriod: ['CpuCfsPeriod', 'cpu_period'],
  cpuQuota: ['CpuCfsQuota', 'cpu_quota'],
  cpuShares: ['CPUShares', 'cpu_shares'],
  cpuset: ['CPUSet', 'cpuset'],
  memory: ['MemoryLimit', 'mem_limit'],
  memoryReservation: ['MemoryLimit', 'mem_reservation'],
  memorySwap: ['SwapLimit', 'memswap_limit'],
  pids: ['PidsLimit', 'pids_limit'],
};

/** A stack with the limits that its engine can hold: it takes the others and drops them, so that they would always be missing. */
export function withHeldLimits(stack: ResolvedStack, view: HostView | undefined): ResolvedStack {
  const lacks = lacking(view?.facts.engine);
  if (lacks.size === 0) return stack;
  return { ...stack, services: stack.services.map(s => ({ ...s, limits: held(s.limits, lacks) })) };
}

/** Limits that engines can't hold, and say so at most in a warning of their own; one that is refused is an error before it is tried. */
export function limitsOutOfReach(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return resolved.hosts.flatMap(({ name: host }): readonly Diagnostic[] => {
    const lacks = lacking(views.get(host)?.facts.engine);
    const all = resolved.stacks.filter(s => s.host === host).flatMap(s => dropped(s, lacks));
    const refused = all.filter(({ limit }) => limit === 'cpus');
    const hint = '`docker info` there says what it lacks, which is for its kernel and cgroups to give';
    const tell = (
      severity: Diagnostic['severity'],
      told: typeof all,
      then: string,
    ): readonly Diagnostic[] => {
      if (told.length === 0) return [];
      const keys = [...new Set(told.map(d => d.key))].sort().join(', ');
      const services = [...new Set(told.map(d => d.service))].join(', ');
      const summary = `its engine can't hold ${keys}: ${then} ${services}`;
      return [{ severity, code: 'engine.no-limit', host, summary, hint }];
    };
    return [
      ...tell('error', refused, 'it would refuse'),
      ...tell(
        'warning',
        all.filter(d => !refused.includes(d)),
        'not in force for',
      ),
    ];
  });
}

function dropped(
  stack: ResolvedStack,
  lacks: ReadonlySet<string>,
): readonly { readonly service: string; readonly limit: Limit; readonly key: string }[] {
  return stack.services.flatMap(({ key, limits }) =>
    limitsOf(limits).flatMap(limit => {
      const [needed, called] = NEEDS[limit] ?? [];
      const isNone = limit === 'memorySwap' && limits.memorySwap === -1;
      if (needed === undefined || called === undefined || isNone || !lacks.has(needed)) return [];
      return [{ service: `${stack.name}/${key}`, limit, key: called }];
    }),
  );
}

/** Where it can't limit memory, or swap, the engine keeps "as much as there is" of swap beside a limit of memory. */
function held(limits: ResourceLimits, lacks: ReadonlySet<string>): ResourceLimits {
  const kept = limitsOf(limits).filter(limit => !lacks.has(NEEDS[limit]?.[0] ?? ''));
  const rest = Object.fromEntries(kept.map(limit => [limit, limits[limit]])) as ResourceLimits;
  const isSwapFree = limits.memory !== undefined && (lacks.has('SwapLimit') || lacks.has('MemoryLimit'));
  return isSwapFree ? { ...rest, memorySwap: -1 } : rest;
}

function limitsOf(limits: ResourceLimits): readonly Limit[] {
  return Object.keys(limits) as Limit[];
}

function lacking(engine: EngineFacts | undefined): ReadonlySet<string> {
  return new Set(engine?.is === 'running' ? engine.lacks : []);
}
