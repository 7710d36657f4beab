import type {
  Group,
  HostName,
  HostView,
  Resolved,
  ResolvedService,
  ResolvedStack,
  Resource,
} from '../core/index.js';
import type { ImageSpec } from '../kinds/index.js';
import { HOLDER_IMAGE, imageReference } from '../tools/index.js';
import { makeResource } from './resource.js';

/** The image that topo makes on the spot, so that the first steps need no registry. */
const MADE_IMAGE = /^topo\/busybox(:latest)?$/;

/** The images of a stack: one resource per reference; where services of a host disagree the one that builds it holds, else the first one, asked for as often as any wants it. */
export function compileImages(stack: ResolvedStack, topology: string): readonly Resource<ImageSpec>[] {
  const seen = new Map<string, ImageSpec>();
  const add = (spec: ImageSpec): void => {
    const before = seen.get(spec.reference);
    if (!before || (spec.build && !before.build)) seen.set(spec.reference, spec);
    else if (spec.refreshMs !== undefined && before.source === 'pull')
      seen.set(spec.reference, {
        ...before,
        refreshMs: Math.min(spec.refreshMs, before.refreshMs ?? Infinity),
      });
  };
  for (const service of stack.services) {
    add(imageOf(service));
    if (service.holders.length > 0) add({ reference: HOLDER_IMAGE, source: 'holder' });
  }
  for (const reference of stack.services.flatMap(imagesMounted)) add({ reference, source: 'pull' });
  return [...seen].map(([reference, spec]) => {
    const group: Group = { is: 'host', name: stack.host };
    return makeResource<ImageSpec>(
      topology,
      { host: stack.host, kind: 'image', name: reference, group },
      spec,
    );
  });
}

/** An image that is there, and may be another in its registry by now. */
export interface ImageToAsk {
  readonly host: HostName;
  readonly reference: string;
  /** Milliseconds since it was last tagged before which it is left alone. */
  readonly refreshMs: number;
}

/** The images whose registries are to be asked. */
export function imagesToAsk(
  { stacks, name }: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly ImageToAsk[] {
  const all = stacks.flatMap(stack =>
    compileImages(stack, name).flatMap(({ host, spec: { reference, refreshMs } }): ImageToAsk[] => {
      const isThere = views.get(host)?.inventory.images[reference] !== undefined;
      return isThere && refreshMs !== undefined ? [{ host, reference, refreshMs }] : [];
    }),
  );
  return [...new Map(all.map(one => [`${one.host} ${one.reference}`, one])).values()];
}

/** The images that a service mounts, beside the one that it is made of. */
export function imagesMounted({ mounts }: ResolvedService): readonly string[] {
  return mounts.flatMap(m => (m.type === 'image' ? [imageReference(m.source!)] : []));
}

function imageOf(service: ResolvedService): ImageSpec {
  return {
    reference: imageReference(service.image),
    source: sourceOf(service),
    ...(!service.build && service.pullPolicy.is === 'refresh' && { refreshMs: service.pullPolicy.afterMs }),
    ...(service.build && { build: service.build }),
  };
}

function sourceOf(service: ResolvedService): ImageSpec['source'] {
  if (service.build) return 'build';
  if (service.pullPolicy.is === 'never' || service.pullPolicy.is === 'build') return 'none';
  if (service.image === HOLDER_IMAGE) return 'holder';
  if (MADE_IMAGE.test(service.image)) return 'busybox';
  return service.pullPolicy.is === 'push' ? 'push' : 'pull';
}
