import type { Difference, Step } from '../core/index.js';
import { disown, type Adoptee } from '../tools/index.js';
import type { Mark } from './marks.js';

/** That something bears no labels of topo's: a record on its host stands for them, since `before`, or is about to (`now`). */
export interface Adoption {
  readonly when: NonNullable<Mark['adopted']>;
  readonly topology: string;
}

/** The part of a state that tells it; nothing where topo made the thing itself. */
export function adoptionOf({ adopted, topology }: Mark): { readonly adopted?: Adoption } {
  return adopted ? { adopted: { when: adopted, topology } } : {};
}

/** That docker compose made what is to be a topology's; in itself that is no reason to do anything to it. */
export function adoptionDifference(adopted: Adoption | undefined): readonly Difference[] {
  if (adopted?.when !== 'now') return [];
  return [{ field: 'made by', have: 'docker compose', want: 'taken over', adopt: true }];
}

/** Forgets the record of what goes, where it has one. */
export function disownSteps(adopted: Adoption | undefined, adoptee: Adoptee, name: string): readonly Step[] {
  return adopted?.when === 'before' ? [disown(adopted.topology, adoptee, name)] : [];
}
