import { expect } from 'vitest';
import type {
  Change,
  Difference,
  Found,
  Inventory,
  Resource,
  ResourceKind,
  Scope,
  Step,
} from '../../src/core/index.js';

/** A real host, as far as a kind of resource can see and change it. */
export interface World {
  inventory(): Promise<Inventory>;
  /** Throws what the host said where a step fails. */
  perform(step: Step): Promise<void>;
}

/** What a kind is put through. */
export interface Conformance<Spec, State> {
  readonly kind: ResourceKind<Spec, State>;
  readonly topology: string;
  readonly want: Resource<Spec>;
  /** The same resource wanted otherwise: what has to be named, and whether it can be changed in place. */
  readonly changed?: {
    readonly want: Resource<Spec>;
    readonly verb: 'update' | 'replace';
    readonly fields: readonly string[];
  };
  /** Takes it away by hand, for kinds that never delete. */
  readonly remove?: () => Promise<void>;
}

/**
 * The table that every kind passes on a real host: create → read = want → diff [] → change → delete → absent → delete
 * again is nothing; and the same when it is killed after every single step and begins anew from what is there.
 */
export async function conform<Spec, State>(world: World, row: Conformance<Spec, State>): Promise<void> {
  await createsFromAnywhere(world, row);
  if (row.changed) await changesFromAnywhere(world, row, row.changed);
  if (!row.remove) await deletesFromAnywhere(world, row);
}

async function createsFromAnywhere<Spec, State>(world: World, row: Conformance<Spec, State>): Promise<void> {
  const steps = row.kind.steps({ verb: 'create', want: row.want });
  expect(steps.length).toBeGreaterThan(0);
  for (let killedAfter = 0; killedAfter <= steps.length; killedAfter++) {
    expect(await look(world, row), 'absent before it is made').toBeUndefined();
    await performAll(world, steps.slice(0, killedAfter));
    await bring(world, row, row.want);
    await clear(world, row);
  }
}

async function changesFromAnywhere<Spec, State>(
  world: World,
  row: Conformance<Spec, State>,
  changed: NonNullable<Conformance<Spec, State>['changed']>,
): Promise<void> {
  let count = 1;
  for (let killedAfter = 0; killedAfter <= count; killedAfter++) {
    await bring(world, row, row.want);
    const change = await changeFor(world, row, changed.want);
    expect(change).toMatchObject({ verb: changed.verb });
    expect(differencesOf(change).map(d => d.field)).toEqual(changed.fields);
    const steps = row.kind.steps(change!);
    count = steps.length;
    await performAll(world, steps.slice(0, killedAfter));
    await bring(world, row, changed.want);
    await clear(world, row);
  }
}

async function deletesFromAnywhere<Spec, State>(world: World, row: Conformance<Spec, State>): Promise<void> {
  let count = 1;
  for (let killedAfter = 0; killedAfter <= count; killedAfter++) {
    await bring(world, row, row.want);
    const steps = row.kind.steps(await deletion(world, row));
    count = steps.length;
    await performAll(world, steps.slice(0, killedAfter));
    await clear(world, row);
    await performAll(world, steps);
    expect(await look(world, row), 'deleting what is gone makes nothing').toBeUndefined();
  }
}

/** One reading and what follows from it must be enough. */
export async function bring<Spec, State>(
  world: World,
  row: Pick<Conformance<Spec, State>, 'kind' | 'topology'>,
  want: Resource<Spec>,
): Promise<void> {
  const change = await changeFor(world, row, want);
  if (change) await performAll(world, row.kind.steps(change));
  expect(differencesOf(await changeFor(world, row, want)), 'in sync after it was brought about').toEqual([]);
}

/** What has to be done, and why; undefined where it is as wanted. Throws where something foreign is in the way. */
export async function changeFor<Spec, State>(
  world: World,
  { kind, topology }: Pick<Conformance<Spec, State>, 'kind' | 'topology'>,
  want: Resource<Spec>,
): Promise<Change<Spec, State> | undefined> {
  const found = await find(world, kind, { topology, host: want.host, wanted: [want] }, want.id);
  if (!found) return { verb: 'create', want };
  if (found.is !== 'ours') throw new Error(found.is === 'foreign' ? found.holder : found.why.summary);
  const differences = kind.diff(want.spec, found.state);
  if (differences.length === 0) return undefined;
  const verb = differences.some(d => d.replace) ? 'replace' : 'update';
  return { verb, want, have: found.state, differences };
}

/** The differences that a change names; a create names none. */
export function differencesOf<Spec, State>(change: Change<Spec, State> | undefined): readonly Difference[] {
  if (change?.verb === 'create') throw new Error('it is not there at all');
  return change?.verb === 'update' || change?.verb === 'replace' ? change.differences : [];
}

export async function performAll(world: World, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await world.perform(step);
}

/** Deletes it as a stray, which is how `down` and an edited file do. */
async function clear<Spec, State>(world: World, row: Conformance<Spec, State>): Promise<void> {
  if (row.remove) await row.remove();
  else if (await look(world, row)) await performAll(world, row.kind.steps(await deletion(world, row)));
  expect(await look(world, row), 'gone after it was deleted').toBeUndefined();
}

async function deletion<Spec, State>(
  world: World,
  row: Conformance<Spec, State>,
): Promise<Change<Spec, State>> {
  const scope = { topology: row.topology, host: row.want.host, wanted: [] };
  const found = await find(world, row.kind, scope, row.want.id);
  if (!found || found.is !== 'ours') throw new Error(`${row.want.id} is not seen as a stray`);
  return { verb: 'delete', id: row.want.id, have: found.state };
}

async function look<Spec, State>(
  world: World,
  row: Conformance<Spec, State>,
): Promise<Found<State> | undefined> {
  const scope = { topology: row.topology, host: row.want.host, wanted: [row.want] };
  return find(world, row.kind, scope, row.want.id);
}

async function find<Spec, State>(
  world: World,
  kind: ResourceKind<Spec, State>,
  scope: Scope<Spec>,
  id: string,
): Promise<Found<State> | undefined> {
  return kind.read(await world.inventory(), scope).find(f => f.id === id);
}
