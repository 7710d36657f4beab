import {
  formatAddress,
  parseAddress,
  parseResourceId,
  type Difference,
  type ResourceId,
} from '../core/index.js';
import { exitCodeOf } from '../tools/index.js';
import type { ContainerNetwork, ContainerSpec } from './container-spec.js';
import type { ContainerConnection, ContainerState } from './container-read.js';
import { compareFields } from './fields.js';

/** What `topo.spec` of a container holds. */
export interface AppliedContainer {
  readonly config: unknown;
  /** Aliases by network. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
}

/** What a container's label is to say. */
export function appliedContainer(spec: ContainerSpec): AppliedContainer {
  return { config: spec.redacted, networks: Object.fromEntries(spec.networks.map(n => [n.name, n.aliases])) };
}

/** What differs. Where something forces a new container, that alone: all else is put right by it. `hash` is the digest of what is wanted. */
export function containerDifferences(
  want: ContainerSpec,
  have: ContainerState,
  hash: string,
): readonly Difference[] {
  const owner = compareFields(have.mark.id, have.wantedBy, 'topo.id');
  const spec = specDifferences(want, have, hash);
  const image = spec.some(d => d.field === 'image') ? [] : imageDifference(have);
  const state = stateDifference(want, have);
  const forced = [...owner, ...spec, ...image, ...cutOffDifference(have), ...state.filter(d => d.replace)];
  if (forced.length > 0) return forced;
  return [
    ...nameDifference(want, have),
    ...want.networks.flatMap(n => networkDifferences(n, have)),
    ...unwanted(want, have).map(name => ({
      field: `network ${name}`,
      have: 'connected',
      want: 'disconnected',
    })),
    ...state,
  ];
}

/** The networks of ours that a container is on and should not be. What it was put on by hand otherwise stays. */
export function unwanted(want: ContainerSpec, have: ContainerState): readonly string[] {
  const wanted = new Set(want.networks.map(n => n.name));
  const extra = Object.entries(have.networks).filter(([name, c]) => c.ours && !wanted.has(name));
  return extra.map(([name]) => name).sort();
}

/** Whether a connection has to be made (again): none, of a network that is gone, or with another address. */
export function isConnected(want: ContainerNetwork, have: ContainerState): boolean {
  const connection = have.networks[want.name];
  if (!connection || connection.stale) return false;
  return addressDifferences(want, connection).length === 0;
}

/** Whether it is on a network with another address than the one it is to have there. */
export function hasOtherAddress(want: ContainerNetwork, have: ContainerState): boolean {
  const connection = have.networks[want.name];
  return connection !== undefined && addressDifferences(want, connection).length > 0;
}

/** The fixed addresses that it has not. */
function addressDifferences(want: ContainerNetwork, have: ContainerConnection): readonly Difference[] {
  return (['ipv4', 'ipv6'] as const).flatMap(key => {
    const fixed = want[key];
    if (fixed === undefined || spelt(fixed) === spelt(have[key])) return [];
    return [{ field: `network ${want.name} address`, have: have[key] || '(none)', want: fixed }];
  });
}

/** An address in its one spelling (RFC 5952). */
function spelt(text: string): string {
  const address = parseAddress(text);
  return address ? formatAddress(address) : text;
}

/** Whether it ended by itself as it should: with 0, under a policy that does not start it again. */
export function isFinished(want: ContainerSpec, have: ContainerState): boolean {
  const policy = restartPolicy(want);
  const once = policy === '' || policy === 'no' || policy === 'on-failure';
  return once && have.status === 'exited' && exitCode(have) === '0';
}

/**
 * Labels can't be changed and aliases are in no list, so what a network's aliases are is known from the label alone: a
 * network that is not in it, or with other aliases, needs a new container. One that was dropped needs none.
 */
function specDifferences(want: ContainerSpec, have: ContainerState, hash: string): readonly Difference[] {
  const applied = have.mark.spec as Partial<AppliedContainer> | undefined;
  const config = have.mark.hash === hash ? [] : compareFields(applied?.config, want.redacted);
  const unknown = have.mark.hash !== hash && config.length === 0;
  const lost = unknown
    ? [{ field: 'spec', have: have.mark.hash.slice(0, 12), want: hash.slice(0, 12), replace: true } as const]
    : [];
  const aliases = want.networks.flatMap(n =>
    compareFields(applied?.networks?.[n.name], n.aliases, `networks.${n.name}`),
  );
  return [...config, ...lost, ...aliases];
}

/** Its namespace is that of a container that goes: nothing but a new container gets into the next one. */
function cutOffDifference({ cutOff }: ContainerState): readonly Difference[] {
  if (cutOff === undefined) return [];
  return [{ field: 'namespace', have: `of the ${cutOff} that goes`, want: 'of the new one', replace: true }];
}

function imageDifference(have: ContainerState): readonly Difference[] {
  if (have.imageNow === undefined || have.imageNow === have.imageId) return [];
  const short = (id: string): string => id.replace('sha256:', '').slice(0, 12);
  return [{ field: 'image', have: short(have.imageId), want: short(have.imageNow), replace: true }];
}

function nameDifference(want: ContainerSpec, have: ContainerState): readonly Difference[] {
  return want.name === have.name ? [] : [{ field: 'name', have: have.name, want: want.name }];
}

function networkDifferences(want: ContainerNetwork, have: ContainerState): readonly Difference[] {
  if (isConnected(want, have)) return [];
  const connection = have.networks[want.name];
  const field = `network ${want.name}`;
  if (!connection || connection.stale) return [{ field, have: 'disconnected', want: 'connected' }];
  return addressDifferences(want, connection);
}

function stateDifference(want: ContainerSpec, have: ContainerState): readonly Difference[] {
  if (isFinished(want, have)) return [];
  if (have.status === 'running' && have.restartFor === undefined) return [];
  if (have.status === 'running')
    return [{ field: 'state', have: 'running', want: `started again with ${nameOf(have.restartFor!)}` }];
  const difference = { field: 'state', have: stateText(have), want: 'running' };
  const isLost = have.status === 'dead' || have.status === 'removing';
  return [isLost ? { ...difference, replace: true } : difference];
}

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

function restartPolicy(want: ContainerSpec): string {
  const host = want.config.HostConfig as { RestartPolicy?: { Name?: string } } | undefined;
  return host?.RestartPolicy?.Name ?? '';
}
