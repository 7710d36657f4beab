import type {
  Difference,
  EngineContainer,
  Found,
  Resource,
  ResourceId,
  ResourceKind,
} from '../core/index.js';
import { awaitContainer, exitCodeOf, healthOf } from '../tools/index.js';
import { markOf } from './marks.js';
import { unread } from './unread.js';

/** Containers that must have come to something before others start. */
export interface WaitSpec {
  readonly condition: 'healthy' | 'completed';
  readonly containers: readonly {
    readonly id: ResourceId;
    readonly name: string;
    /** As people call it: `shop/db`. */
    readonly called: string;
  }[];
  /** What has to be done first: the containers themselves, and what is run in them. */
  readonly after: readonly ResourceId[];
  /** Whether nothing starts where it does not come to that. */
  readonly required: boolean;
  /** Milliseconds that it is waited for at most. */
  readonly within: number;
}

/** How each of them is, in words, where it has not come to it yet. */
export interface WaitState {
  readonly open: readonly { readonly called: string; readonly is: string }[];
}

/** The condition of a `depends_on`: waited for where something starts that asks for it, and nothing that stays. */
export const wait: ResourceKind<WaitSpec, WaitState> = {
  name: 'wait',
  noun: 'wait for',
  after: [],
  runs: { between: 'container', when: 'for-others' },
  dependsOn: ({ spec }) => spec.after.map(on => ({ on, because: 'it is waited for' })),
  read: (inventory, scope) =>
    unread(inventory, ['containers'], scope) ??
    scope.wanted.map((want): Found<WaitState> => ({
      is: 'ours',
      id: want.id,
      state: { open: openOf(want, inventory.containers, scope.topology) },
    })),
  diff: ({ condition }, { open }) =>
    open.map(({ called, is }): Difference => ({ field: called, have: is, want: condition })),
  without: ({ open }, { spec }, gone) => ({
    open: spec.containers.flatMap(({ id, called }) =>
      gone.has(id) ? [{ called, is: 'made anew' }] : open.filter(one => one.called === called),
    ),
  }),
  steps(change) {
    if (change.verb === 'delete') return [];
    const { condition, containers, required, within } = change.want.spec;
    return containers.map(({ name, called }) =>
      awaitContainer({ name, called, condition, required, within }),
    );
  },
};

function openOf(
  { spec }: Resource<WaitSpec>,
  containers: readonly EngineContainer[],
  topology: string,
): WaitState['open'] {
  return spec.containers.flatMap(({ id, called }) => {
    const there = containers.find(c => {
      const mark = markOf(c.labels);
      return mark?.topology === topology && mark.id === id;
    });
    return there && isSo(spec.condition, there)
      ? []
      : [{ called, is: there ? stateOf(there) : 'not there yet' }];
  });
}

function isSo(condition: WaitSpec['condition'], container: EngineContainer): boolean {
  if (condition === 'healthy')
    return container.state === 'running' && healthOf(container.status) === 'healthy';
  return container.state === 'exited' && exitCodeOf(container.status) === '0';
}

function stateOf({ state, status }: EngineContainer): string {
  return state === 'running'
    ? (healthOf(status) ?? 'running')
    : `${state} (${exitCodeOf(status) ?? 'no exit code'})`;
}
