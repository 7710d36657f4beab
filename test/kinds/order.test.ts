import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import { topologicalOrder } from '../../src/core/index.js';
import type { HostView } from '../../src/core/index.js';
import { computedView } from '../../src/facts/index.js';
import { kinds } from '../../src/kinds/index.js';
import { resolve } from '../../src/resolve/index.js';
import { readTopology } from '../../src/topology/index.js';

/** Deletes of strays are ordered by `after` alone: it must know every dependency that a spec can have. */

test('what kinds come after has no cycle', () => {
  const order = topologicalOrder([...kinds.values()].map(k => ({ key: k.name, after: k.after })));
  expect(order).toHaveProperty('order');
  for (const kind of kinds.values())
    for (const other of kind.after) expect([...kinds.keys()]).toContain(other);
});

test('every dependency that the quick start yields is one of `after`, of every kind there is', () => {
  const { resources } = compile(...quickstart(), value => value);
  const kindOf = new Map(resources.map(r => [r.id, r.kind]));
  for (const resource of resources) {
    const kind = kinds.get(resource.kind)!;
    for (const { on } of kind.dependsOn(resource)) {
      const other = kindOf.get(on)!;
      const isBetween = kind.runs?.between === other || kinds.get(other)!.runs?.between === kind.name;
      if (!isBetween) expect([...kind.after, kind.name]).toContain(other);
    }
  }
  const lasting = [...kinds.values()].filter(kind => !kind.runs).map(kind => kind.name);
  expect([...new Set(resources.map(r => r.kind))].sort()).toEqual(lasting.sort());
});

function quickstart(): Parameters<typeof compile> extends [infer R, infer V, unknown] ? [R, V] : never {
  const path = new URL('../../topologies/quickstart.yaml', import.meta.url).pathname;
  const read = readTopology({ path, text: readFileSync(path, 'utf8'), directory: '/', environment: {} });
  const { resolved } = resolve(read.topology!, read.locate, {});
  const facts = {
    hostname: '',
    kernel: '',
    arch: '',
    bootId: '',
    netns: '',
    tools: {},
    engine: { is: 'missing', why: '', hint: '' },
  };
  const operator = { host: '@operator', facts, inventory: {} } as unknown as HostView;
  const views = resolved!.hosts.map((h, i) =>
    computedView(h.name, operator, { address: `198.18.0.${i + 2}/16` }),
  );
  return [resolved!, new Map(views.map(v => [v.host, v]))];
}
