import type {
  EngineContainer,
  Found,
  InsideVpp,
  Inventory,
  Resource,
  ResourceId,
  ResourceKind,
  Step,
} from '../core/index.js';
import {
  configureVpp,
  exitCodeOf,
  leaveCniData,
  noteStart,
  recordHooks,
  runHook,
  type CniData,
  type HookBody,
} from '../tools/index.js';
import { insideDifferences, insideVpp, portsAmiss, type ToldVpp } from './inside-vpp.js';
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
  /** How a VPP of its own learns of its ports: by its vppctl, and by files for its `vpp-app`. */
  readonly vpp?: {
    readonly tell?: ToldVpp;
    readonly container: string;
    readonly data: readonly CniData[];
  };
  readonly commands: readonly HookBody[];
  readonly topology: string;
}

/** `open`: why they are to be run; undefined: they are done, or there is nothing to run them in. */
export interface PostStartState {
  readonly open: string | undefined;
  /** What the container's VPP has; absent: it was not asked. */
  readonly vpp?: InsideVpp;
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
    scope.wanted.map((want): Found<PostStartState> => {
      const there = containerOf(want, inventory, scope.topology);
      const vpp = there && insideVpp(there.id, inventory);
      return { is: 'ours', id: want.id, state: { open: openOf(there, inventory), ...(vpp && { vpp }) } };
    }),
  diff: (spec, { open, vpp }) =>
    open === undefined
      ? insideDifferences(spec.vpp?.tell ?? { ports: [] }, vpp)
      : [{ field: 'commands', have: open, want: 'run' }],
  without: (have, { spec }, gone) =>
    gone.has(spec.container) ? { open: 'not run in the new container' } : have,
  steps(change) {
    if (change.verb === 'delete') return [];
    const { spec } = change.want;
    if (change.verb === 'update' && change.have.open === undefined) return tellAgain(spec, change.have.vpp);
    const { container, containerName, called, vpp, commands, topology } = spec;
    const runs = commands.map(body => runHook(containerName, called, body));
    const tell = vpp?.tell ? [tellInside(spec, vpp.tell)] : [];
    const files = (vpp?.data ?? []).map(data => leaveCniData(vpp!.container, data));
    const of = [topology, container, called] as const;
    return [noteStart(...of), ...tell, ...files, ...runs, recordHooks(...of)];
  },
};

/** Only the ports that are not as they were told are made anew; commands of the file are not run again. */
function tellAgain(spec: PostStartSpec, vpp: InsideVpp | undefined): readonly Step[] {
  const tell = spec.vpp?.tell;
  return tell && vpp ? [tellInside(spec, { ...tell, ports: portsAmiss(tell, vpp) })] : [];
}

function tellInside({ containerName, called }: PostStartSpec, { version, ports }: ToldVpp): Step {
  return runHook(containerName, called, configureVpp(version, ports), `configure the VPP in ${called}`);
}

function containerOf(
  { spec }: Resource<PostStartSpec>,
  { containers }: Inventory,
  topology: string,
): EngineContainer | undefined {
  return containers.find(c => {
    const mark = markOf(c.labels);
    return mark?.topology === topology && mark.id === spec.container;
  });
}

function openOf(there: EngineContainer | undefined, { runs }: Inventory): string | undefined {
  if (!there) return 'not run';
  // What ended by itself as it should is not started again for them.
  if (there.state === 'exited' && exitCodeOf(there.status) === '0') return undefined;
  // docker compose, which made it, has run them.
  if (markOf(there.labels)?.adopted === 'now') return undefined;
  const run = runs[there.id];
  if (there.state === 'running' && run !== undefined && run.hooksAt === run.startedAt) return undefined;
  return 'not run since it was started';
}
