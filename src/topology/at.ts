import type { DocPath } from '../core/index.js';
import { isMap } from './blocks.js';

/** The entries of the map at a path; none where there is no map. */
export function entriesAt(root: unknown, path: DocPath): readonly (readonly [string, unknown])[] {
  const value = valueAt(root, path);
  return isMap(value) ? Object.entries(value) : [];
}

/** What stands at a path of the plain document; undefined where nothing does. */
export function valueAt(root: unknown, path: DocPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, root);
}
