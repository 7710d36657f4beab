import type { Diagnostic, DocPath, Listener, Resolved } from '../core/index.js';

/** A program that listens, for people. */
export function titleOf({ process, pid }: Listener): string {
  return pid === undefined ? process : `${process} (pid ${pid})`;
}

/** Where the file says what clashes, as a part of a diagnostic. */
export function placeOf(resolved: Resolved, path: DocPath): Pick<Diagnostic, 'place'> {
  const place = resolved.locate(path);
  return place ? { place } : {};
}
