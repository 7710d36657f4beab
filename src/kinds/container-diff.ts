import { parseResourceId, type Difference, type ResourceId } from '../core/index.js';
import { exitCodeOf } from '../tools/index.js';
import { adoptionDifference } from './adoption.js';
import { liveDifferences } from './container-live.js';
import { modeDifference, networksDifferences } from './container-networks.js';
import type { Adrift, ContainerState } from './container-read.js';
import { restartPolicy, settingsDifferences } from './container-settings.js';
import type { ContainerSpec } from './container-spec.js';
import { compareFields } from './fields.js';

/** What `topo.spec` of a container holds. */
export interface AppliedContainer {
  readonly config: unknown;
}

/** What a container's label is to say. */
export function appliedContainer(spec: ContainerSpec): AppliedContainer {
  return { config: spec.redacted };
}

/** What differs. Where something forces a new container, that alone: all else is put right by it. `hash` is the digest of what is wanted. */
export function containerDifferences(
  want: ContainerSpec,
  have: ContainerState,
  hash: string,
): readonly Difference[] {
  const owner = compareFields(have.mark.id, have.wantedBy, 'topo.id');
  const adoption = adoptionDifference(have.adopted);
  const spec = adoption.length > 0 ? liveDifferences(want, have) : specDifferences(want, have, hash);
  const image = spec.some(d => d.field === 'image') ? [] : imageDifference(have);
  const state = stateDifference(want, have);
  const settings = settingsDifferences(want, have);
  const forced = [
    ...[...owner, ...spec, ...image, ...namespaceDifference(have), ...modeDifference(want, have)],
    ...[...settings, ...state].filter(d => d.replace),
  ];
  if (forced.length > 0) return [...adoption, ...forced];
  const open = [...nameDifference(want, have), ...settings, ...networksDifferences(want, have), ...state];
  return [...adoption, ...open];
}

/** Whether it ended by itself as it should: with 0, under a policy that does not start it again. */
export function isFinished(want: ContainerSpec, have: ContainerState): boolean {
  const policy = restartPolicy(want);
  const once = policy === 'no' || policy === 'on-failure';
  return once && have.status === 'exited' && exitCode(have) === '0';
}

/** Labels can't be changed: what they say of it is all that needs a new container. */
function specDifferences(want: ContainerSpec, have: ContainerState, hash: string): readonly Difference[] {
  if (have.mark.hash === hash) return [];
  const applied = have.mark.spec as Partial<AppliedContainer> | undefined;
  const config = compareFields(applied?.config, want.redacted);
  if (config.length > 0) return config;
  return [{ field: 'spec', have: have.mark.hash.slice(0, 12), want: hash.slice(0, 12), replace: true }];
}

/** Its namespace is that of a container that goes: nothing but a new container gets into the next one. */
function namespaceDifference({ cutOff, adrift }: ContainerState): readonly Difference[] {
  if (cutOff !== undefined)
    return [
      { field: 'namespace', have: `of the ${cutOff} that goes`, want: 'of the new one', replace: true },
    ];
  if (adrift !== 'elsewhere') return [];
  return [{ field: 'namespace', have: "another's", want: 'of its holder', replace: true }];
}

function imageDifference(have: ContainerState): readonly Difference[] {
  if (have.imageNow === undefined || have.imageNow === have.imageId) return [];
  const short = (id: string): string => id.replace('sha256:', '').slice(0, 12);
  return [{ field: 'image', have: short(have.imageId), want: short(have.imageNow), replace: true }];
}

function nameDifference(want: ContainerSpec, have: ContainerState): readonly Difference[] {
  return want.name === have.name ? [] : [{ field: 'name', have: have.name, want: want.name }];
}

function stateDifference(want: ContainerSpec, have: ContainerState): readonly Difference[] {
  if (isFinished(want, have)) return [];
  const { adrift } = have;
  if (have.status === 'running' && adrift !== undefined && adrift !== 'elsewhere')
    return [{ field: 'state', have: `running ${HOW[adrift]}`, want: 'started again' }];
  if (have.status === 'running' && have.restartFor === undefined) return [];
  if (have.status === 'running')
    return [{ field: 'state', have: 'running', want: `started again with ${nameOf(have.restartFor!)}` }];
  const difference = { field: 'state', have: stateText(have), want: 'running' };
  const isLost = have.status === 'dead' || have.status === 'removing';
  return [isLost ? { ...difference, replace: true } : difference];
}

const HOW: Readonly<Record<Exclude<Adrift, 'elsewhere'>, string>> = {
  lost: 'in a namespace that its holder left',
  bare: 'without its interfaces',
};

function nameOf(id: ResourceId): string {
  return parseResourceId(id)?.name ?? id;
}

function stateText(have: ContainerState): string {
  const code = exitCode(have);
  if (have.status === 'restarting')
    return `restarting: it ends again and again (exit code ${code ?? 'unknown'})`;
  return have.status === 'exited' ? `exited (${code ?? 'unknown'})` : have.status;
}

/** The list call has the exit code only in its text. */
function exitCode({ statusText }: ContainerState): string | undefined {
  return exitCodeOf(statusText);
}
