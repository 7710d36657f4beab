import type { Found, Inventory, Resource, ResourceKind, SandboxState } from '../core/index.js';
import { OPERATOR, resourceId } from '../core/index.js';
import { createSandbox, removeSandbox } from '../tools/index.js';
import type { SandboxPlan } from '../tools/index.js';
import { changed } from './fields.js';
import { unread } from './unread.js';

/** A simulated host on the operator's machine. */
export type SandboxSpec = SandboxPlan;

/**
 * Owned by the topology that stands in its run directory. Half of one is repaired in place by the step that makes it; another
 * engine has another sandbox, for what one engine keeps on disk others can't always read (later ones have another image store).
 */
export const sandbox: ResourceKind<SandboxSpec, SandboxState> = {
  name: 'sandbox',
  noun: 'sandbox host',
  after: [],
  reads: ['sandboxes'],
  dependsOn: () => [],
  read(inventory, scope) {
    if (scope.host !== OPERATOR) return [];
    const missing = unread(inventory, ['sandboxes'], scope);
    if (missing) return missing;
    const wanted = new Set(scope.wanted.map(w => w.spec.name));
    const strays = inventory.sandboxes.filter(s => s.topology === scope.topology && !wanted.has(s.name));
    return [
      ...scope.wanted.flatMap(resource => readWanted(inventory, resource)),
      ...strays.map(state => ours(resourceId(OPERATOR, 'sandbox', state.name), state)),
    ];
  },
  diff: (want, have) => [
    ...changed('address', have.address, want.address),
    ...changed('engine', engineOf(have.engine), engineOf(want.engine)).map(d => ({
      ...d,
      replace: true as const,
    })),
    ...changed('state', have.problems.join(', ') || 'running', 'running'),
  ],
  steps(change) {
    switch (change.verb) {
      case 'create':
      case 'update':
        return [createSandbox(change.want.spec)];
      case 'replace':
        return [removeSandbox(change.have.name), createSandbox(change.want.spec)];
      case 'delete':
        return [removeSandbox(change.have.name)];
    }
  },
  /** Another address or engine ends what runs in it. */
  destructive: change =>
    change.verb === 'delete' ||
    (change.verb !== 'create' && change.differences.some(d => d.field !== 'state')),
};

function readWanted(
  inventory: Inventory,
  { id, spec }: Resource<SandboxSpec>,
): readonly Found<SandboxState>[] {
  const state = inventory.sandboxes.find(s => s.name === spec.name);
  if (!state) return [];
  if (state.topology === spec.topology) return [ours(id, state)];
  const owner = state.topology === '' ? '`topo sandbox up`' : `topology ${state.topology}`;
  return [{ is: 'foreign', id, holder: `a sandbox host of ${owner}` }];
}

function ours(id: string, state: SandboxState): Found<SandboxState> {
  return { is: 'ours', id, state };
}

function engineOf(directory: string): string {
  return directory === '' ? "the machine's own" : directory;
}
