/** Two things that pass frames to each other. */
export type Joint = readonly [string, string];

/** What is joined to what, as far as it was told. */
export interface Joints {
  /** The shortest way from one thing to another; undefined: none leads there. */
  wayBetween(from: string, to: string): readonly string[] | undefined;
  join(joint: Joint): void;
}

/** Begins with these joints. That two things are not joined, which is what most are asked for, is known without looking for a way. */
export function jointsOf(all: readonly Joint[] = []): Joints {
  const neighbours = new Map<string, string[]>();
  const above = new Map<string, string>();
  const top = (name: string): string => {
    let at = name;
    for (let next = above.get(at); next !== undefined; next = above.get(at)) at = next;
    if (at !== name) above.set(name, at);
    return at;
  };
  const put = (name: string, other: string): void => {
    neighbours.set(name, neighbours.get(name) ?? []);
    neighbours.get(name)!.push(other);
  };
  const joints: Joints = {
    wayBetween: (from, to) => (top(from) === top(to) ? shortest(neighbours, from, to) : undefined),
    join([a, b]) {
      put(a, b);
      put(b, a);
      const [of, under] = [top(a), top(b)];
      if (of !== under) above.set(under, of);
    },
  };
  all.forEach(joint => joints.join(joint));
  return joints;
}

function shortest(
  neighbours: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): readonly string[] | undefined {
  const ways: (readonly [string, ...string[]])[] = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const [at] = way;
    if (at === to) return [...way].reverse();
    for (const name of neighbours.get(at) ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      ways.push([name, ...way]);
    }
  }
  return undefined;
}
