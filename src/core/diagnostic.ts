/** A place in a file: 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line, for the caret. */
  readonly text?: string;
  /** How many columns the caret spans. */
  readonly length?: number;
}

/**
 * One thing wrong (or doubtful) with what the user gave. A value, never thrown: stages collect them all.
 * `summary` says what was found, with the wrong value; `hint` what to change.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, dotted, lower-case: `yaml.syntax`, `name.unknown`, `not-yet`. Never reused for something else. */
  readonly code: string;
  readonly summary: string;
  readonly hint?: string;
  readonly place?: Place;
  /** The host it concerns, when it is about a host rather than about the file. */
  readonly host?: string;
}

/** A path into the topology document, as zod gives it: `['switches', 'overlay', 'vni']`. */
export type DocPath = readonly (string | number)[];

/** Finds where a value of the document stands; falls back to the nearest enclosing node. */
export type Locate = (path: DocPath, at?: 'key' | 'value') => Place | undefined;

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(d => d.severity === 'error');
}

/** Sorted by file, line, column, code, summary, and without doubles: what is printed is the same on every run. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = (d: Diagnostic): string =>
    [d.place?.file ?? '~', pad(d.place?.line), pad(d.place?.column), d.host ?? '', d.code, d.summary].join(
      '\0',
    );
  return [...new Map(diagnostics.map(d => [key(d), d])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, d]) => d);
}

function pad(n: number | undefined): string {
  return String(n ?? 0).padStart(8, '0');
}
