import { EXPLANATIONS } from './explanations.js';
import { ABSENT, AS_PLAIN, kindOf, type ObjectFields } from './fields.js';

/** A field that is one thing after `docker compose up` and another after `topo up`; values as JSON. */
export interface FieldDifference {
  readonly case: string;
  /** `container web-1`. */
  readonly object: string;
  readonly path: string;
  readonly compose: string;
  readonly topo: string;
}

/** Why a field may differ. */
export interface Explanation {
  readonly kind: 'container' | 'network' | 'volume';
  readonly path: RegExp;
  readonly only?: (difference: FieldDifference) => boolean;
  readonly reason: string;
}

/** All that differs between two ways in which one project was brought up; an object that is missing is one difference. */
export function differencesOf(
  name: string,
  compose: ObjectFields,
  topo: ObjectFields,
): readonly FieldDifference[] {
  const objects = [...new Set([...Object.keys(compose), ...Object.keys(topo)])].sort();
  return objects.flatMap(object => {
    const [a, b] = [compose[object], topo[object]];
    if (!a || !b)
      return [{ case: name, object, path: '', compose: a ? 'there' : ABSENT, topo: b ? 'there' : ABSENT }];
    const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return paths
      .filter(path => a[path] !== b[path])
      .map(path => ({ case: name, object, path, compose: a[path] ?? AS_PLAIN, topo: b[path] ?? AS_PLAIN }));
  });
}

/** The explanation of a difference. */
export function explanationOf(difference: FieldDifference): Explanation | undefined {
  return EXPLANATIONS.find(
    e =>
      e.kind === kindOf(difference.object) && e.path.test(difference.path) && (e.only?.(difference) ?? true),
  );
}
