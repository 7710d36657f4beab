import type { BuildRequest, Found, Inventory, ResourceId, ResourceKind } from '../core/index.js';
import {
  buildImage,
  fetchImage,
  imageReference,
  imageRepository,
  makeHolderImage,
  tagAgain,
} from '../tools/index.js';
import { unread } from './unread.js';

/** An image that a host has to have. */
export interface ImageSpec {
  readonly reference: string;
  /** Where an absent one comes from; `none`: it has to be there (`pull_policy: never`). */
  readonly source: 'pull' | 'push' | 'busybox' | 'holder' | 'build' | 'none';
  /** How it is built, where that is its source. */
  readonly build?: BuildRequest;
  /** Where it is to follow its registry: the milliseconds for which one that was pulled is good enough. */
  readonly refreshMs?: number;
}

/** The image's id. */
export interface ImageState {
  readonly id: string;
  /** Digest of what topo built it from; absent: it did not. */
  readonly build?: string;
  /** The digest of what its registry has by now, where that is another image. */
  readonly newest?: string;
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
      const there = inventory.images[imageReference(spec.reference)];
      if (there !== undefined) return [stateOf(id, there, spec, inventory)];
      return spec.source === 'none' ? [missing(id, spec.reference, scope.host)] : [];
    }),
  diff(want, have) {
    if (have.newest !== undefined) {
      const [was, now] = [have.id, have.newest].map(digest => digest.replace('sha256:', '').slice(0, 12));
      return [{ field: 'in the registry', have: was!, want: now!, replace: true, follows: true }];
    }
    if (!want.build || want.build.digest === have.build) return [];
    const short = (digest: string | undefined): string => digest?.slice(0, 12) ?? '(not by topo)';
    return [{ field: 'build', have: short(have.build), want: short(want.build.digest), replace: true }];
  },
  steps(change) {
    if (change.verb === 'delete') return [];
    const { source, build, refreshMs = 0, ...spec } = change.want.spec;
    const reference = imageReference(spec.reference);
    if (source === 'holder') return [makeHolderImage(spec.reference)];
    if (build) return [buildImage(reference, build)];
    if (source === 'none' || source === 'build') return [];
    return [fetchImage(source, reference), ...(refreshMs > 0 ? [tagAgain(reference)] : [])];
  },
};

function stateOf(id: ResourceId, there: string, spec: ImageSpec, inventory: Inventory): Found<ImageState> {
  const build = inventory.builds[there];
  const asked = inventory.newest[spec.reference];
  if (asked && 'why' in asked) return { is: 'unknown', id, why: asked.why };
  const isOld = asked && inventory.images[`${imageRepository(spec.reference)}@${asked.digest}`] !== there;
  return {
    is: 'ours',
    id,
    state: { id: there, ...(build !== undefined && { build }), ...(isOld && { newest: asked.digest }) },
  };
}

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
