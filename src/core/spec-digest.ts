import { digest } from './canonical.js';
import type { Resource } from './resource.js';

/** The digest of a resource's spec that is kept on its host: equal digests want the same. Never the spec itself, which may hold secrets. */
export function specDigest(resource: Resource): string {
  return digest({ kind: resource.kind, spec: resource.spec });
}
