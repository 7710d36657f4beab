import { createHash } from 'node:crypto';

/**
 * A number in 0..size-1 for each name: that of the name's hash, or the next one that is free. Names come in document order
 * and reserved numbers are never given, so a name at the end moves nothing. Undefined for names that the pool is too small for.
 */
export function allot(
  names: readonly string[],
  size: bigint,
  reserved: ReadonlySet<bigint>,
): ReadonlyMap<string, bigint | undefined> {
  const taken = new Set(reserved);
  // Where probing from a number ended last time: a full stretch is walked once, not once a name.
  const next = new Map<bigint, bigint>();
  return new Map(
    names.map(name => {
      if (BigInt(taken.size) >= size) return [name, undefined];
      const number = probe(hashed(name, size), size, taken, next);
      taken.add(number);
      return [name, number];
    }),
  );
}

/**
 * Numbers of a pool, for names within a scope: by the hash of `<scope>/<name>`, and beside those that are taken. `first` is what a name gets
 * that the pool is too small for.
 */
export function allotNumbers(
  scope: string,
  names: readonly string[],
  { first, size }: { readonly first: number; readonly size: bigint },
  taken: ReadonlySet<number> = new Set(),
): ReadonlyMap<string, number> {
  const key = (name: string): string => `${scope}/${name}`;
  const reserved = new Set([...taken].map(number => BigInt(number - first)));
  const found = allot(names.map(key), size, reserved);
  return new Map(names.map(name => [name, first + Number(found.get(key(name)) ?? 0n)]));
}

function probe(start: bigint, size: bigint, taken: ReadonlySet<bigint>, next: Map<bigint, bigint>): bigint {
  const walked: bigint[] = [];
  let at = start;
  while (taken.has(at)) {
    walked.push(at);
    at = next.get(at) ?? (at + 1n) % size;
  }
  for (const number of walked) next.set(number, at);
  return at;
}

/** The first 64 bits of SHA-256, modulo `size`. */
function hashed(name: string, size: bigint): bigint {
  return createHash('sha256').update(name).digest().readBigUInt64BE() % size;
}
