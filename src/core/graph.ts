/** A node that knows what must come before it. */
export interface Edged<K> {
  readonly key: K;
  readonly after: readonly K[];
}

/**
 * Kahn's algorithm, stable: among the nodes that are ready, the one that stood first in the input comes first.
 * Edges to nodes that are not in the input are ignored. A cycle comes back as the keys on it instead of an order.
 */
export function topologicalOrder<K>(
  nodes: readonly Edged<K>[],
): { order: readonly K[] } | { cycle: readonly K[] } {
  const index = new Map(nodes.map((n, i) => [n.key, i]));
  const waiting = nodes.map(n => new Set(n.after.filter(k => index.has(k) && k !== n.key)));
  const dependants = new Map<K, number[]>();
  waiting.forEach((set, i) => set.forEach(k => push(dependants, k, i)));
  const ready = new MinHeap();
  waiting.forEach((set, i) => set.size === 0 && ready.push(i));
  const order: K[] = [];
  for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
    const key = nodes[i]!.key;
    order.push(key);
    for (const d of dependants.get(key) ?? []) {
      waiting[d]!.delete(key);
      if (waiting[d]!.size === 0) ready.push(d);
    }
  }
  return order.length === nodes.length ? { order } : { cycle: findCycle(nodes, waiting, index) };
}

function push<K>(map: Map<K, number[]>, key: K, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Every node left over has a predecessor left over: walking back must meet itself. */
function findCycle<K>(
  nodes: readonly Edged<K>[],
  waiting: readonly Set<K>[],
  index: ReadonlyMap<K, number>,
): readonly K[] {
  const path: K[] = [];
  let at = nodes[waiting.findIndex(set => set.size > 0)]!.key;
  while (!path.includes(at)) {
    path.push(at);
    at = [...waiting[index.get(at)!]!][0]!;
  }
  return [...path.slice(path.indexOf(at)), at].reverse();
}

class MinHeap {
  readonly #items: number[] = [];

  push(item: number): void {
    const a = this.#items;
    let i = a.push(item) - 1;
    for (let parent = (i - 1) >> 1; i > 0 && a[parent]! > a[i]!; i = parent, parent = (i - 1) >> 1) {
      [a[parent], a[i]] = [a[i]!, a[parent]!];
    }
  }

  pop(): number | undefined {
    const a = this.#items;
    const top = a[0];
    const last = a.pop();
    if (top === undefined || a.length === 0) return top;
    a[0] = last!;
    for (let i = 0, child = 1; child < a.length; child = 2 * i + 1) {
      if (child + 1 < a.length && a[child + 1]! < a[child]!) child++;
      if (a[i]! <= a[child]!) break;
      [a[i], a[child]] = [a[child]!, a[i]!];
      i = child;
    }
    return top;
  }
}
