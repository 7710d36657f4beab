import type { ResourceId } from '../../src/core/index.js';

/** Holds a subnet that no other base of its host may hold; parts stand on it, boxes are connected to it. */
export interface BaseSpec {
  readonly subnet: number;
  readonly tune: number;
}

/** Goes away with its base. */
export interface PartSpec {
  readonly base: string;
  readonly shape: number;
  readonly value: number;
}

/** Lives in the engine; survives its bases, but loses its connections to them. */
export interface BoxSpec {
  readonly image: number;
  readonly limit: number;
  readonly bases: readonly string[];
  /** Held by one box of a host at a time, and changed in place; null: none. */
  readonly port?: number | null;
}

/** One value per part; forgets those of a part that goes. `peer`: something anywhere that must be made first. */
export interface SetSpec {
  readonly members: Readonly<Record<string, number>>;
  readonly peer?: ResourceId;
}

/** A host, as a resource on the operator's machine. */
export interface CellSpec {
  readonly engine: number;
}

export type Fields = Readonly<Record<string, unknown>>;
