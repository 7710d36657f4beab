/** Two things that pass frames to each other. */
export type Joint = readonly [string, string];

/** The shortest way from one thing to another by joints; undefined: none leads there. */
export function wayBetween(
  joints: readonly Joint[],
  from: string,
  to: string,
): readonly string[] | undefined {
  const ways: (readonly [string, ...string[]])[] = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const [at] = way;
    if (at === to) return [...way].reverse();
    const next = joints.flatMap(([a, b]) => (a === at ? [b] : b === at ? [a] : []));
    for (const name of next.filter(name => !seen.has(name))) {
      seen.add(name);
      ways.push([name, ...way]);
    }
  }
  return undefined;
}
