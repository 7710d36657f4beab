import type { Difference } from '../core/index.js';

/** Why something is done, in words, and whether the live state left what was last applied. */
export interface Cause {
  readonly cause: string;
  readonly drift: boolean;
}

/**
 * What `applied.json` says of a resource: nothing, the same spec as is wanted now, or another one. `followed`: another one,
 * of a resource that follows what is there and not the file alone.
 */
export type Recorded = 'nothing' | 'same' | 'other' | 'followed';

/** Something else takes the resource, or a part of it, along. */
export interface Disturbance {
  readonly other: string;
  readonly because: string;
}

/**
 * Why something absent is created. Only a digest of what was last applied is kept: where it is another one, nobody can tell
 * whether something went away or there was nothing of it before (a set of entries that was empty).
 */
export function causeOfCreate(recorded: Recorded): Cause {
  switch (recorded) {
    case 'nothing':
      return { cause: 'not there yet', drift: false };
    case 'same':
      return { cause: 'drifted: it is gone', drift: true };
    case 'other':
      return { cause: 'not there, and the file changed', drift: false };
    case 'followed':
      return { cause: 'drifted: it is gone, and what it follows changed', drift: true };
  }
}

/** Why something present is changed by itself. `differs`: there is no record of who moved. */
export function causeOfChange(before: Recorded, differences: readonly Difference[]): Cause {
  if (differences.some(d => d.adopt)) return causeOfAdoption(differences.filter(d => !d.adopt));
  const recorded = before === 'same' && differences.every(d => d.follows) ? 'followed' : before;
  const why = {
    nothing: 'differs',
    same: 'drifted',
    other: 'the file changed',
    followed: 'what it follows changed',
  }[recorded];
  return { cause: `${why}: ${fieldsOf(differences)}`, drift: recorded === 'same' };
}

function causeOfAdoption(others: readonly Difference[]): Cause {
  const cause = others.length === 0 ? 'adopted as it is' : `adopted, and differs: ${fieldsOf(others)}`;
  return { cause, drift: false };
}

/** Why something is made again, or mended, that would have been left alone by itself. */
export function causeOfDisturbance(disturbance: Disturbance): Cause {
  return { cause: `${disturbance.other} is replaced: ${disturbance.because}`, drift: false };
}

/** Why a stray goes. */
export const NO_LONGER: Cause = { cause: 'no longer in the topology', drift: false };

/** Why something lets go of what it has by an action of its own: what others take that let go of something for it, or for each other. */
export function causeOfRoom(
  rooms: readonly { readonly what: string; readonly to: string }[],
): string | undefined {
  if (rooms.length === 0) return undefined;
  const named = rooms.slice(0, ROOMS).map(({ what, to }) => `${what} goes to ${to}`);
  const more = rooms.length > ROOMS ? ` and ${rooms.length - ROOMS} more` : '';
  return `makes room: ${named.join(', ')}${more}`;
}

/** Of what is made room for, this many are named. */
const ROOMS = 2;

/** Fields that a cause names; of more it gives the number. */
const NAMED = 4;

/** What forces a replacement comes first; the differences themselves say which of them do. */
function fieldsOf(differences: readonly Difference[]): string {
  const forcing = differences.filter(d => d.replace);
  const fields = [...new Set([...forcing, ...differences].map(d => d.field))];
  const more = fields.length > NAMED ? ` and ${fields.length - NAMED} more` : '';
  return `${fields.slice(0, NAMED).join(', ')}${more}`;
}
