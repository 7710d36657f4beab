import type { GenerateOptions, Shape } from './generate-types.js';

/** A network as points and lines. Order is that of the file. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** `inner`: it passes on what others send; `outer`: it hangs on one that does. */
export interface Node {
  readonly name: string;
  readonly is: 'inner' | 'outer';
}

/** The second is the one further out. */
export type Edge = readonly [string, string];

/** How many of each, where nothing is said. */
export const DEFAULTS = { nodes: 4, spines: 2, leaves: 4, hostsPerLeaf: 0 } as const;

/** The points and lines of a shape; where the inner points are bridges, each but a star's has a container, or nobody would talk. */
export function graphOf(options: GenerateOptions): Graph {
  const { shape, kind = 'router', nodes = DEFAULTS.nodes } = options;
  switch (shape) {
    case 'ring':
    case 'mesh': {
      const names = numbered(kind === 'bridge' ? 'bridge' : 'router', nodes);
      const lines = shape === 'ring' ? ring(names) : mesh(names);
      return withOuter(names, lines, names, kind === 'bridge' ? 1 : 0);
    }
    case 'star':
      return withOuter(['hub'], [], ['hub'], nodes);
    case 'clos': {
      const { spines = DEFAULTS.spines, leaves = DEFAULTS.leaves } = options;
      const { hostsPerLeaf = kind === 'bridge' ? 1 : DEFAULTS.hostsPerLeaf } = options;
      const [upper, lower] = [numbered('spine', spines), numbered('leaf', leaves)];
      const lines = upper.flatMap(spine => lower.map((leaf): Edge => [spine, leaf]));
      return withOuter([...upper, ...lower], lines, lower, hostsPerLeaf);
    }
  }
}

/** Whether there is more than one way between two of its points, which bridges need a spanning tree for. */
export function hasLoop(shape: Shape): boolean {
  return shape !== 'star';
}

function numbered(word: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${word}${i + 1}`);
}

function ring(names: readonly string[]): readonly Edge[] {
  return names.map((name, i): Edge => [name, names[(i + 1) % names.length]!]);
}

function mesh(names: readonly string[]): readonly Edge[] {
  return names.flatMap((name, i) => names.slice(i + 1).map((other): Edge => [name, other]));
}

/** So many outer ones on each of some inner ones. */
function withOuter(
  inner: readonly string[],
  lines: readonly Edge[],
  on: readonly string[],
  each: number,
): Graph {
  const outer = on.flatMap((name, i) =>
    Array.from({ length: each }, (_, n): Edge => [name, `pc${i * each + n + 1}`]),
  );
  return {
    nodes: [
      ...inner.map((name): Node => ({ name, is: 'inner' })),
      ...outer.map(([, name]): Node => ({ name, is: 'outer' })),
    ],
    edges: [...lines, ...outer],
  };
}
