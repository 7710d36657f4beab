import type { BuildRequest, Found, ResourceKind } from '../core/index.js';
import { buildImage, fetchImage, imageReference, makeHolderImage } from '../tools/index.js';
import { unread } from './unread.js';

/** An image that a host has to have. */
export interface ImageSpec {
  readonly reference: string;
  /** Where an absent one comes from; `none`: it has to be there (`pull_policy: never`). */
  readonly source: 'pull' | 'push' | 'busybox' | 'holder' | 'build' | 'none';
  /** How it is built, where that is its source. */
  readonly build?: BuildRequest;
  /** `pull_policy: always`. Whether a registry has a newer one is in no list of the engine, so an image that is there is in sync all the same. */
  readonly always: boolean;
}

/** The image's id. */
export interface ImageState {
  readonly id: string;
  /** Digest of what topo built it from; absent: it did not. */
  readonly build?: string;
}

/** Images are shared with everything else on the host: never strays, never deleted; only what is built here is built again. */
export const image: ResourceKind<ImageSpec, ImageState> = {
  name: 'image',
  noun: 'image',
  after: [],
  dependsOn: () => [],
  read: (inventory, scope) =>
    unread(inventory, ['images'], scope) ??
    scope.wanted.flatMap(({ id, spec }): readonly Found<ImageState>[] => {
      const state = inventory.images[imageReference(spec.reference)];
      if (state !== undefined) {
        const build = inventory.builds[state];
        return [{ is: 'ours', id, state: { id: state, ...(build !== undefined && { build }) } }];
      }
      return spec.source === 'none' ? [missing(id, spec.reference, scope.host)] : [];
    }),
  diff(want, have) {
    if (!want.build || want.build.digest === have.build) return [];
    const short = (digest: string | undefined): string => digest?.slice(0, 12) ?? '(not by topo)';
    return [{ field: 'build', have: short(have.build), want: short(want.build.digest), replace: true }];
  },
  steps(change) {
    if (change.verb === 'delete') return [];
    const { source, build, reference } = change.want.spec;
    if (source === 'holder') return [makeHolderImage(reference)];
    if (build) return [buildImage(imageReference(reference), build)];
    return source === 'none' || source === 'build' ? [] : [fetchImage(source, imageReference(reference))];
  },
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
