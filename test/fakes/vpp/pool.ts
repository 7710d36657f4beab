/** Slots that are used again, the one freed last first, as VPP's pools do it. */
export class Pool<T> {
  private readonly slots: (T | undefined)[] = [];
  private readonly free: number[] = [];

  add(make: (index: number) => T): T {
    const index = this.free.pop() ?? this.slots.length;
    const value = make(index);
    this.slots[index] = value;
    return value;
  }

  /** The slot that the next one gets. */
  get next(): number {
    return this.free.at(-1) ?? this.slots.length;
  }

  /** Takes a slot and frees it again, as what fails half-way does. */
  spend(): void {
    if (this.free.length === 0) this.remove(this.slots.length);
  }

  remove(index: number): void {
    this.slots[index] = undefined;
    this.free.push(index);
  }

  get(index: number): T | undefined {
    return this.slots[index];
  }

  /** In the order of their indices. */
  all(): readonly T[] {
    return this.slots.filter(value => value !== undefined);
  }
}

/** The lowest number from 0 that is not taken. */
export function lowestFree(taken: Iterable<number>): number {
  const used = new Set(taken);
  let number = 0;
  while (used.has(number)) number += 1;
  return number;
}
