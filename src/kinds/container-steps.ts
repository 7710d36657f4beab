import { posix } from 'node:path';
import { digest, type Resource, type Step } from '../core/index.js';
import {
  adopt,
  cniContainer,
  connectNetwork,
  copyIntoContainer,
  createContainer,
  forgetCni,
  noteStart,
  recordHooks,
  removeContainer,
  removeVolume,
  renameContainer,
  restartContainer,
  SOCKETS,
  startContainer,
  stopContainer,
  unpauseContainer,
} from '../tools/index.js';
import { disownSteps } from './adoption.js';
import type { ContainerSpec } from './container-spec.js';
import { appliedContainer, isFinished } from './container-diff.js';
import { endpointOf, networksSteps } from './container-networks.js';
import type { ContainerState } from './container-read.js';
import { settingsSteps } from './container-settings.js';
import { anonymousVolumes, withVolumes, type AnonymousVolume } from './container-volumes.js';
import { marks } from './marks.js';

/**
 * Create, connect, start. By name, for no id is known before. Engines before 25 take one network only when a container is
 * made, so the others are connected before the start: the program finds all of them there.
 */
export function createSteps(want: Resource<ContainerSpec>, was?: ContainerState): readonly Step[] {
  const { name, networks } = want.spec;
  const others = networks.slice(1).map(n => connectNetwork(n.name, name, endpointOf(n)));
  const { carried } = was ? anonymousVolumes(want.spec, was) : { carried: [] };
  const note = carried.length === 0 ? '' : `, with its volumes at ${carried.map(v => v.target).join(', ')}`;
  return [
    createContainer(name, createBody(want, carried), note),
    ...others,
    ...copySteps(want.spec, name),
    startContainer(name),
  ];
}

/** All that can be put right without making it again. By id: the name may be what is wrong. */
export function repairSteps(resource: Resource<ContainerSpec>, have: ContainerState): readonly Step[] {
  const { spec: want } = resource;
  return [
    ...adoptSteps(resource, have),
    ...(want.name === have.name ? [] : [renameContainer(have.id, have.name, want.name)]),
    ...settingsSteps(want, have),
    ...networksSteps(want, have),
    ...runSteps(want, have),
  ];
}

/** First of all, so that it is ours whatever happens then. What is to be run in it after a start docker compose has run. */
function adoptSteps(want: Resource<ContainerSpec>, { id, status, adopted }: ContainerState): readonly Step[] {
  if (adopted?.when !== 'now') return [];
  const { topology, name } = want.spec;
  const record = adopt({ noun: 'container', ref: id, topology, labels: markFor(want) }, name);
  const of = [topology, want.id, name] as const;
  return [record, ...(status === 'running' ? [noteStart(...of), recordHooks(...of)] : [])];
}

/** By id, so that whoever came to bear the name meanwhile is safe. `next`: what is made in its place and takes its anonymous volumes over. */
export function removeSteps(have: ContainerState, next?: ContainerSpec): readonly Step[] {
  const isUp = ['running', 'paused', 'restarting'].includes(have.status);
  const { carried, dropped } = next ? anonymousVolumes(next, have) : { carried: [], dropped: [] };
  const kept = carried.length > 0;
  return [
    ...(isUp ? [stopContainer(have.id, have.name, graceOf(have))] : []),
    removeContainer(have.id, have.name, kept ? 'keep' : 'with'),
    ...disownSteps(have.adopted, { noun: 'container', ref: have.id }, have.name),
    ...(kept ? dropped.map(volume => removeVolume(volume.name)) : []),
    ...(next ? [] : forgetSteps(have)),
  ];
}

/** Where VPPs find each other is on the host, and outlives a container that shared memory with one. */
function forgetSteps({ mark: { topology, id }, mounts }: ContainerState): readonly Step[] {
  if (!mounts.some(({ target }) => target === SOCKETS)) return [];
  const called = id.replace(/^[^/]*\/container\//, '');
  return [forgetCni(cniContainer(topology, called), called)];
}

/** What lets it run (again); none where it does, or has ended as it should. */
export function runSteps(want: ContainerSpec, have: ContainerState): readonly Step[] {
  if (isFinished(want, have)) return [];
  if (have.status === 'running')
    return (have.restartFor ?? have.adrift) === undefined
      ? []
      : [restartContainer(have.id, want.name, graceOf(have))];
  if (have.status === 'paused') return [unpauseContainer(have.id, want.name)];
  if (have.status === 'restarting') return [restartContainer(have.id, want.name, graceOf(have))];
  // One that never ran was perhaps left before its files were there.
  const copies = have.status === 'created' ? copySteps(want, have.id) : [];
  return [...copies, startContainer(have.id, want.name)];
}

/** Milliseconds that it may take to end, as its label says. */
function graceOf({ mark }: ContainerState): number | undefined {
  const { config } = (mark.spec ?? {}) as { config?: { stop_grace_period?: unknown } };
  const grace = config?.stop_grace_period;
  return typeof grace === 'number' ? grace : undefined;
}

function copySteps({ name, copies = [] }: ContainerSpec, ref: string): readonly Step[] {
  return copies.map(({ directory, files }) => copyIntoContainer(ref, directory, files, name));
}

function markFor({ id, group, spec }: Resource<ContainerSpec>): Readonly<Record<string, string>> {
  const hash = digest(spec.redacted);
  return marks({ topology: spec.topology, id, group, hash, spec: appliedContainer(spec) });
}

function createBody(want: Resource<ContainerSpec>, carried: readonly AnonymousVolume[]): unknown {
  const { spec, files = [] } = want;
  const [first] = spec.networks;
  const host = withVolumes(spec.config.HostConfig as Readonly<Record<string, unknown>> | undefined, carried);
  const labels = spec.config.Labels as Readonly<Record<string, string>> | undefined;
  const mark = markFor(want);
  return {
    ...spec.config,
    // Without a hash of its own, Compose takes no container for one of its project.
    Labels: {
      ...labels,
      'com.docker.compose.config-hash': mark['topo.hash']!,
      ...placeLabels(files),
      ...mark,
    },
    HostConfig: { ...host, NetworkMode: first ? first.name : (host?.['NetworkMode'] ?? 'none') },
    ...(first && { NetworkingConfig: { EndpointsConfig: { [first.name]: endpointOf(first) } } }),
  };
}

/** What `docker compose ls` shows of a project, and warns where it is not there: the files, and the directory of the first. */
function placeLabels(files: readonly string[]): Readonly<Record<string, string>> {
  const [first] = files;
  if (first === undefined) return {};
  const project = 'com.docker.compose.project';
  return { [`${project}.config_files`]: files.join(','), [`${project}.working_dir`]: posix.dirname(first) };
}
