import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topologicalOrder } from '../../src/core/index.js';
import { deleteEdges } from '../../src/plan/delete-edges.js';
import type { Draft } from '../../src/plan/draft.js';
import { kindOrder } from '../../src/plan/kind-order.js';
import { fakeRegistry } from '../fakes/kinds.js';

const KINDS = ['base', 'part', 'box', 'set'] as const;
/** Which kinds stand on which, directly or not. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  base: [],
  part: ['base'],
  box: ['base'],
  set: ['part', 'box', 'base'],
};

const draft = (host: string, kind: string, verb: Draft['verb'], i: number): Draft => ({
  resource: `${host}/${kind}/${i}`,
  kind,
  noun: kind,
  name: String(i),
  host,
  group: { is: 'host', name: host },
  verb,
  cause: '',
  drift: false,
  differences: [],
  steps: [],
  destructive: false,
});

function edgesFor(drafts: readonly Draft[]): Set<number>[] {
  const edges = drafts.map(() => new Set<number>());
  const indexes = new Map(drafts.map((d, i) => [d.resource, i]));
  deleteEdges(drafts, indexes, kindOrder(fakeRegistry), edges);
  return edges;
}

test('of one kind what depends on another goes first, unless that goes round in a ring', () => {
  const stray = (i: number, key: string, on: readonly string[]): Draft => ({
    ...draft('a', 'box', 'delete', i),
    leans: { key, on },
  });
  const chain = [stray(0, 'db', []), stray(1, 'web', ['db', 'gone']), stray(2, 'web', ['db'])];
  expect(edgesFor(chain).map(set => [...set])).toEqual([[1, 2], [], []]);
  expect(edgesFor([stray(0, 'a', ['b']), stray(1, 'b', ['a'])]).map(set => [...set])).toEqual([[], []]);
});

test('long lists that are joined by one of them keep that order', () => {
  const boxes = Array.from({ length: 60 }, (_, i): Draft => ({
    ...draft('a', 'box', 'delete', i),
    leans: { key: String(i), on: i > 0 ? [String(i - 1)] : [] },
  }));
  const bases = Array.from({ length: 60 }, (_, i) => draft('a', 'base', 'delete', 60 + i));
  const drafts = [...boxes, ...bases];
  const edges = edgesFor(drafts);
  const sorted = topologicalOrder(drafts.map((_, key) => ({ key, after: [...edges[key]!] })));
  expect(sorted).toHaveProperty('order');
  expect(waits(edges, 60).size).toBe(60);
});

/** All that a draft waits for, through others. */
function waits(edges: readonly ReadonlySet<number>[], from: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const walk = (i: number): void => edges[i]!.forEach(j => !seen.has(j) && (seen.add(j), walk(j)));
  walk(from);
  return seen;
}

test('on each host every stray goes before strays below its kind, and before what is made of its kind or below', () => {
  const drafts = fc.array(
    fc.tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom(...KINDS),
      fc.constantFrom('delete', 'create', 'update'),
    ),
    { maxLength: 14 },
  );
  fc.assert(
    fc.property(drafts, list => {
      const made = list.map(([host, kind, verb], i) => draft(host, kind, verb as Draft['verb'], i));
      const edges = edgesFor(made);
      expect(topologicalOrder(made.map((_, i) => ({ key: i, after: [...edges[i]!] })))).toHaveProperty(
        'order',
      );
      for (const [i, later] of made.entries()) {
        const due = made.flatMap((d, j) => {
          const below =
            BELOW[d.kind]!.includes(later.kind) || (later.verb !== 'delete' && d.kind === later.kind);
          return d.verb === 'delete' && d.host === later.host && below ? [j] : [];
        });
        expect([...waits(edges, i)].sort((a, b) => a - b)).toEqual(due);
      }
    }),
    { numRuns: 500 },
  );
});

test('long lists are ordered by few edges, and completely', () => {
  const made = Array.from({ length: 400 }, (_, i) => draft('a', i < 200 ? 'box' : 'base', 'delete', i));
  const edges = edgesFor(made);
  expect(edges.reduce((n, set) => n + set.size, 0)).toBe(399);
  expect([...waits(edges, 399)].filter(i => i < 200).length).toBe(200);
});
