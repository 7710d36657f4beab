import {
  canonicalJson,
  type Change,
  type Dependency,
  type Difference,
  kindOf,
  type Resource,
  type ResourceId,
  type ResourceKind,
  specDigest,
  titleOf,
} from '../core/index.js';
import {
  type Cause,
  causeOfChange,
  causeOfCreate,
  causeOfDisturbance,
  type Disturbance,
  type Recorded,
} from './causes.js';
import type { PlanInput } from './input.js';
import { newRipple, type Ripple } from './ripple.js';

/** What is to become of one wanted resource; those that are as wanted have none. */
export interface Decision extends Cause {
  readonly resource: Resource;
  readonly change: Change<unknown, unknown> & { verb: 'create' | 'update' | 'replace' };
  readonly disturbed?: true;
}

/** A wanted resource with what it depends on. */
export interface Wanted {
  readonly resource: Resource;
  readonly dependencies: readonly Dependency[];
}

/** Decides on each wanted resource. `wanted` must stand in the order of dependencies: a replacement ripples downwards. */
export function decide(input: PlanInput, wanted: readonly Wanted[]): readonly Decision[] {
  const recorded = recordedOf(input);
  const ripple = newRipple();
  return wanted.flatMap(({ resource, dependencies }) => {
    const hostId = input.options?.hostResource?.get(resource.host);
    const onHost =
      hostId === undefined || hostId === resource.id
        ? []
        : [{ on: hostId, because: 'everything on it goes with it' }];
    const disturbance = ripple.disturbs(resource, [...onHost, ...dependencies]);
    const hostGone = onHost.some(h => ripple.gone.has(h.on));
    const decision = decideOne(
      input,
      resource,
      () => recorded(resource),
      disturbance && { ...disturbance, hostGone },
      ripple,
    );
    const vanishes =
      decision !== undefined && decision.change.verb !== 'update' && isPresent(input, resource.id);
    if (vanishes) ripple.takeAway(resource.id, titleOf(input.registry, resource));
    return decision ? [decision] : [];
  });
}

type Shaken = Disturbance & { readonly hostGone: boolean };

function decideOne(
  input: PlanInput,
  resource: Resource,
  recorded: () => Recorded,
  shaken: Shaken | undefined,
  ripple: Ripple,
): Decision | undefined {
  const seen = input.observed.observations.get(resource.id);
  if (seen?.is !== 'present')
    return { resource, change: { verb: 'create', want: resource }, ...causeOfCreate(recorded()) };
  const kind = kindOf(input.registry, resource.kind);
  const have = shaken ? remains(kind, seen.state, resource, shaken, ripple.gone) : seen.state;
  if (shaken && have === undefined) {
    const change: Decision['change'] =
      kind.goesFirst && !shaken.hostGone
        ? { verb: 'replace', want: resource, have: seen.state, differences: [] }
        : { verb: 'create', want: resource };
    return { resource, change, ...causeOfDisturbance(shaken), disturbed: true };
  }
  const differences = kind.diff(resource.spec, have);
  if (differences.length === 0) return undefined;
  const own = shaken ? kind.diff(resource.spec, seen.state) : differences;
  const cause = shaken && own.length === 0 ? causeOfDisturbance(shaken) : causeOfChange(recorded(), own);
  const change = { verb: verbOf(differences), want: resource, have, differences } as const;
  const disturbed = canonicalJson(own) !== canonicalJson(differences);
  return { resource, change, ...cause, ...(disturbed && { disturbed }) };
}

function remains(
  kind: ResourceKind<unknown, unknown>,
  have: unknown,
  want: Resource,
  shaken: Shaken,
  gone: ReadonlySet<ResourceId>,
): unknown {
  if (shaken.hostGone) return undefined;
  return kind.without ? kind.without(have, want, gone) : have;
}

function verbOf(differences: readonly Difference[]): 'update' | 'replace' {
  return differences.some(d => d.replace) ? 'replace' : 'update';
}

/** What the hosts' records say of a resource. */
export function recordedOf(input: PlanInput): (resource: Resource) => Recorded {
  const specs = new Map(input.views.map(v => [v.host, v.inventory.applied?.specs]));
  return resource => {
    const other = kindOf(input.registry, resource.kind).derived === undefined ? 'other' : 'followed';
    return recordOf(specs.get(resource.host)?.[resource.id], resource, other);
  };
}

function recordOf(digest: string | undefined, resource: Resource, otherwise: 'other' | 'followed'): Recorded {
  if (digest === undefined) return 'nothing';
  return digest === specDigest(resource) ? 'same' : otherwise;
}

function isPresent(input: PlanInput, id: ResourceId): boolean {
  return input.observed.observations.get(id)?.is === 'present';
}
