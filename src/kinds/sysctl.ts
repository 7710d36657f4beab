import type { ResourceId, ResourceKind } from '../core/index.js';
import { setSysctl } from '../tools/index.js';
import { unread } from './unread.js';

/** A sysctl of the host that has to have a value. */
export interface SysctlSpec {
  readonly key: string;
  readonly value: string;
  /** Sysctls that must be set before this one. */
  readonly after?: readonly ResourceId[];
}

export interface SysctlState {
  readonly value: string;
}

/** Only ever set, never taken back: others on the host may have come to rely on it. So there are no strays and no deletes. */
export const sysctl: ResourceKind<SysctlSpec, SysctlState> = {
  name: 'sysctl',
  noun: 'sysctl',
  after: [],
  dependsOn: ({ spec }) =>
    (spec.after ?? []).map(on => ({ on, because: 'what it would take away must be kept first' })),
  read: (inventory, scope) =>
    unread(inventory, ['sysctls'], scope) ??
    scope.wanted.flatMap(({ id, spec }) => {
      const value = inventory.sysctls[spec.key];
      return value === undefined ? [] : [{ is: 'ours', id, state: { value } }];
    }),
  diff: (want, have) =>
    want.value === have.value ? [] : [{ field: want.key, have: have.value, want: want.value }],
  steps: change =>
    change.verb === 'delete' ? [] : [setSysctl(change.want.spec.key, change.want.spec.value)],
};
