import type { Diagnostic, DocPath, Place } from '../core/index.js';

/** A diagnostic that still knows what in the document it is about. */
export interface Finding extends Omit<Diagnostic, 'place'> {
  readonly path: DocPath;
  readonly place: Place | undefined;
}

/** The diagnostics of findings: the path has served its purpose. */
export function diagnosticsOf(findings: readonly Finding[]): readonly Diagnostic[] {
  return findings.map(({ path: _, place, ...rest }) => ({ ...rest, ...(place && { place }) }));
}

/** Tells whether anything is wrong with what stands at a path: in it, or around it. */
export function wrongness(findings: readonly Finding[]): (path: DocPath) => boolean {
  // `around`: paths of which a part is wrong; `exact`: paths that are wrong with all that is in them.
  const around = new Set<string>();
  const exact = new Set<string>();
  for (const { path } of findings.filter(f => f.severity === 'error')) {
    exact.add(keyOf(path));
    for (let length = 0; length <= path.length; length++) around.add(keyOf(path.slice(0, length)));
  }
  return path => around.has(keyOf(path)) || path.some((_, i) => exact.has(keyOf(path.slice(0, i + 1))));
}

function keyOf(path: DocPath): string {
  return path.join('\0');
}
