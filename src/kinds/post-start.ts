import type { Found, Inventory, Resource, ResourceId, ResourceKind } from '../core/index.js';
import {
  exitCodeOf,
  leaveCniData,
  recordHooks,
  runHook,
  type CniData,
  type HookBody,
} from '../tools/index.js';
import { markOf } from './marks.js';
import { unread } from './unread.js';

/** Commands that are run in a container once each time it was started. */
export interface PostStartSpec {
  readonly container: ResourceId;
  /** Its network devices, which are made once it runs. */
  readonly after: readonly ResourceId[];
  readonly containerName: string;
  /** As people call it: `shop/web`. */
  readonly called: string;
  /** How a VPP of its own learns of its ports: by what is run in it, and by files for its `vpp-app`. */
  readonly vpp?: {
    readonly tell?: HookBody;
    readonly container: string;
    readonly data: readonly CniData[];
  };
  readonly commands: readonly HookBody[];
  readonly topology: string;
}

/** Why they are to be run; undefined: they are done, or there is nothing to run them in. */
export interface PostStartState {
  readonly open: string | undefined;
}

/** `post_start`: nothing that stays, but what is done for the start that a container is in, as its host's record says. */
export const postStart: ResourceKind<PostStartSpec, PostStartState> = {
  name: 'post_start',
  noun: 'post_start of',
  after: ['vpp_memif', 'vpp_vhost_user'],
  runs: { between: 'container', when: 'always' },
  dependsOn: ({ spec }) => [
    { on: spec.container, because: 'it is run in it' },
    ...spec.after.map(on => ({ on, because: 'it may need the network' })),
  ],
  read: (inventory, scope) =>
    unread(inventory, ['containers', 'runs'], scope) ??
    scope.wanted.map((want): Found<PostStartState> => ({
      is: 'ours',
      id: want.id,
      state: { open: openOf(want, inventory, scope.topology) },
    })),
  diff: (_, { open }) => (open === undefined ? [] : [{ field: 'commands', have: open, want: 'run' }]),
  without: (have, { spec }, gone) =>
    gone.has(spec.container) ? { open: 'not run in the new container' } : have,
  steps(change) {
    if (change.verb === 'delete') return [];
    const { container, containerName, called, vpp, commands, topology } = change.want.spec;
    const runs = commands.map(body => runHook(containerName, called, body));
    const tell = vpp?.tell && runHook(containerName, called, vpp.tell, `configure the VPP in ${called}`);
    const files = (vpp?.data ?? []).map(data => leaveCniData(vpp!.container, data));
    return [...(tell ? [tell] : []), ...files, ...runs, recordHooks(topology, container, called)];
  },
};

function openOf(
  { spec }: Resource<PostStartSpec>,
  inventory: Inventory,
  topology: string,
): string | undefined {
  const there = inventory.containers.find(c => {
    const mark = markOf(c.labels);
    return mark?.topology === topology && mark.id === spec.container;
  });
  if (!there) return 'not run';
  // What ended by itself as it should is not started again for them.
  if (there.state === 'exited' && exitCodeOf(there.status) === '0') return undefined;
  // docker compose, which made it, has run them.
  if (markOf(there.labels)?.adopted === 'now') return undefined;
  const run = inventory.runs[there.id];
  if (there.state === 'running' && run !== undefined && run.hooksAt === run.startedAt) return undefined;
  return 'not run since it was started';
}
