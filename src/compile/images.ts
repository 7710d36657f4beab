import type { Group, ResolvedService, ResolvedStack, Resource } from '../core/index.js';
import type { ImageSpec } from '../kinds/index.js';
import { HOLDER_IMAGE, imageReference } from '../tools/index.js';
import { makeResource } from './resource.js';

/** The image that topo makes on the spot, so that the first steps need no registry. */
const MADE_IMAGE = /^topo\/busybox(:latest)?$/;

/** The images of a stack: one resource per reference; where services of a host disagree the one that builds it holds, else the first one. */
export function compileImages(stack: ResolvedStack, topology: string): readonly Resource<ImageSpec>[] {
  const seen = new Map<string, ImageSpec>();
  const add = (spec: ImageSpec): void => {
    if (!seen.has(spec.reference) || (spec.build && !seen.get(spec.reference)!.build))
      seen.set(spec.reference, spec);
  };
  for (const service of stack.services) {
    add(imageOf(service));
    if (service.holders.length > 0) add({ reference: HOLDER_IMAGE, source: 'holder', always: false });
  }
  for (const reference of stack.services.flatMap(imagesMounted))
    add({ reference, source: 'pull', always: false });
  return [...seen].map(([reference, spec]) => {
    const group: Group = { is: 'host', name: stack.host };
    return makeResource<ImageSpec>(
      topology,
      { host: stack.host, kind: 'image', name: reference, group },
      spec,
    );
  });
}

/** The images that a service mounts, beside the one that it is made of. */
export function imagesMounted({ mounts }: ResolvedService): readonly string[] {
  return mounts.flatMap(m => (m.type === 'image' ? [imageReference(m.source!)] : []));
}

function imageOf(service: ResolvedService): ImageSpec {
  return {
    reference: imageReference(service.image),
    source: sourceOf(service),
    always: service.pullPolicy === 'always',
    ...(service.build && { build: service.build }),
  };
}

function sourceOf(service: ResolvedService): ImageSpec['source'] {
  if (service.build) return 'build';
  if (service.pullPolicy === 'never' || service.pullPolicy === 'build') return 'none';
  if (service.image === HOLDER_IMAGE) return 'holder';
  if (MADE_IMAGE.test(service.image)) return 'busybox';
  return service.pullPolicy === 'push' ? 'push' : 'pull';
}
