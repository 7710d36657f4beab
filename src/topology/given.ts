/** The entries that have a value: an optional key of the file that is absent is absent in what is made of it. */
export function given<T extends Record<string, unknown>>(
  entries: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(entries).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** A switch that is off says nothing: written out it is the same as left out. */
export function ifSet(value: boolean | undefined): true | undefined {
  return value === true ? true : undefined;
}
