import { digest, type ResourceKind } from '../core/index.js';
import { createVolume, removeVolume } from '../tools/index.js';
import { findMarked, holderText } from './marked.js';
import { marks } from './marks.js';
import { unread } from './unread.js';

/** A named volume. */
export interface VolumeSpec {
  readonly name: string;
  /** The user's and Compose's. */
  readonly labels: Readonly<Record<string, string>>;
  readonly topology: string;
}

export interface VolumeState {
  readonly name: string;
}

/** Holds data: once there it is as wanted, whatever its labels say, and is never replaced. */
export const volume: ResourceKind<VolumeSpec, VolumeState> = {
  name: 'volume',
  noun: 'volume',
  after: [],
  reads: ['volumes'],
  dependsOn: () => [],
  read: (inventory, scope) =>
    unread(inventory, ['volumes'], scope) ??
    findMarked(
      scope,
      inventory.volumes,
      ({ name }) => ({ name }),
      v => holderText(v, 'volume', `driver ${v.driver}`),
    ),
  diff: () => [],
  steps(change) {
    if (change.verb === 'delete') return [removeVolume(change.have.name)];
    const { id, group, spec } = change.want;
    const mark = marks({
      topology: spec.topology,
      id,
      group,
      hash: digest(spec.name),
      spec: { labels: spec.labels },
    });
    return [createVolume(spec.name, { ...spec.labels, ...mark })];
  },
  destructive: change => change.verb === 'delete',
};
