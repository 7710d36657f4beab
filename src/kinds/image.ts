import type { Found, ResourceKind } from '../core/index.js';
import { fetchImage, imageReference } from '../tools/index.js';
import { unread } from './unread.js';

/** An image that a host has to have. */
export interface ImageSpec {
  readonly reference: string;
  /** Where an absent one comes from; `none`: it has to be there (`pull_policy: never`). */
  readonly source: 'pull' | 'push' | 'busybox' | 'none';
  /** `pull_policy: always`. Whether a registry has a newer one is in no list of the engine, so an image that is there is in sync all the same. */
  readonly always: boolean;
}

/** The image's id. */
export interface ImageState {
  readonly id: string;
}

/** Images are shared with everything else on the host: never strays, never deleted, never changed. */
export const image: ResourceKind<ImageSpec, ImageState> = {
  name: 'image',
  noun: 'image',
  after: [],
  dependsOn: () => [],
  read: (inventory, scope) =>
    unread(inventory, ['images'], scope) ??
    scope.wanted.flatMap(({ id, spec }): readonly Found<ImageState>[] => {
      const state = inventory.images[imageReference(spec.reference)];
      if (state !== undefined) return [{ is: 'ours', id, state: { id: state } }];
      return spec.source === 'none' ? [missing(id, spec.reference, scope.host)] : [];
    }),
  diff: () => [],
  steps: change =>
    change.verb === 'delete' || change.want.spec.source === 'none'
      ? []
      : [fetchImage(change.want.spec.source, imageReference(change.want.spec.reference))],
};

/** Told while planning, so that nothing is changed before it is told. */
function missing(id: string, reference: string, host: string): Found<ImageState> {
  const why = {
    severity: 'error',
    code: 'image.absent',
    summary: `image ${reference} is not on ${host}, and its pull_policy is never`,
    hint: 'load it there, or let pull_policy be missing (from its registry) or push (from your own engine)',
    host,
  } as const;
  return { is: 'unknown', id, why };
}
