import { kindOf, type Action, type Change, type Registry, type Stray } from '../core/index.js';
import { NO_LONGER } from './causes.js';
import type { Decision } from './decide.js';

/** An action before it has its number: all but what follows from the others. */
export interface Draft extends Omit<Action, 'id' | 'after' | 'batch'> {
  /** Of a stray: see `ResourceKind.leans`. */
  readonly leans?: { readonly key: string; readonly on: readonly string[] };
}

/** The action that a decision on a wanted resource comes down to. */
export function draftOfDecision(
  registry: Registry,
  { resource, change, cause, drift, disturbed }: Decision,
): Draft {
  const { id, kind, name, host, group } = resource;
  const differences = change.verb === 'create' ? [] : change.differences;
  return {
    resource: id,
    kind,
    name,
    host,
    group,
    cause,
    drift,
    differences,
    ...doing(registry, kind, change),
    ...(differences.length > 0 && differences.every(d => d.adopt) && { verb: 'adopt' }),
    ...(disturbed && { disturbed }),
  };
}

/**
 * The same as two actions: what is there lets go first, and what is wanted is made or changed later. `room` says why the first, where that
 * is not why the second.
 */
export function draftsApart(
  registry: Registry,
  decision: Decision,
  room: string | undefined,
): readonly Draft[] {
  const { resource, change } = decision;
  const whole = draftOfDecision(registry, decision);
  const first = { ...whole, cause: room ?? whole.cause, differences: [] };
  const kind = kindOf(registry, resource.kind);
  if (change.verb === 'replace') {
    const { id } = resource;
    return [
      {
        ...first,
        ...doing(registry, resource.kind, { verb: 'delete', id, have: change.have, again: resource }),
      },
      { ...whole, ...doing(registry, resource.kind, { verb: 'create', want: resource, was: change.have }) },
    ];
  }
  const freed = change.verb === 'update' ? kind.letGo?.(resource, change.have) : undefined;
  if (change.verb !== 'update' || !freed) return [whole];
  return [
    { ...first, steps: freed.steps, destructive: false },
    { ...whole, ...doing(registry, resource.kind, { ...change, have: freed.left }) },
  ];
}

/** The action that removes a stray. */
export function draftOfDelete(registry: Registry, { id, kind, name, host, group, state }: Stray): Draft {
  const change = { verb: 'delete', id, have: state } as const;
  return {
    resource: id,
    kind,
    name,
    host,
    group,
    ...NO_LONGER,
    differences: [],
    ...doing(registry, kind, change),
    ...leansOf(registry, kind, state),
  };
}

function leansOf(registry: Registry, kind: string, state: unknown): Pick<Draft, 'leans'> {
  const leans = kindOf(registry, kind).leans?.(state);
  return leans ? { leans } : {};
}

function doing(
  registry: Registry,
  name: string,
  change: Change<unknown, unknown>,
): Pick<Draft, 'noun' | 'verb' | 'steps' | 'destructive'> {
  const kind = kindOf(registry, name);
  return {
    noun: kind.noun,
    verb: kind.runs && change.verb !== 'delete' ? 'run' : change.verb,
    steps: kind.steps(change),
    destructive: kind.destructive?.(change) ?? false,
  };
}
