import { digest, type ResourceKind } from '../core/index.js';
import { containerClaims, containerHolds, letGoOf } from './container-claims.js';
import { containerDifferences } from './container-diff.js';
import { findContainers, type ContainerState } from './container-read.js';
import type { ContainerSpec } from './container-spec.js';
import { createSteps, removeSteps, repairSteps, runSteps } from './container-steps.js';

export type { ContainerState } from './container-read.js';
export type { ContainerNetwork, ContainerSpec } from './container-spec.js';

/** What must be there before a container of any sort. */
const BELOW = [
  'accept',
  'address',
  'fdb',
  'guard',
  'image',
  'neighbour',
  'network',
  'route',
  'sysctl',
  'volume',
  'vxlan',
] as const;

/**
 * A container of a service. One that waits for its plugs comes after them, and they after its holder: so of kinds, wires stand above both,
 * and are deleted first.
 */
export const container = containerKind('container', 'container', [...BELOW, 'holder']);

/** What holds the network namespace of a service's container, so that devices are there before that starts, and outlive it. */
export const holder = containerKind('holder', 'namespace holder', BELOW);

/** Create and start are one action: a container that was made and not started is repaired, not made again. */
function containerKind(
  name: string,
  noun: string,
  after: readonly string[],
): ResourceKind<ContainerSpec, ContainerState> {
  return {
    name,
    noun,
    after,
    reads: ['containers', 'networks', 'images'],
    dependsOn: ({ spec }) => [
      { on: spec.image, because: 'it is made of the image' },
      ...spec.networks.map(n => ({ on: n.id, because: `it is on network ${n.name}` })),
      ...spec.shares.map(on => ({ on, because: 'it shares its namespace' })),
      ...spec.needs,
    ],
    read: (inventory, scope) => findContainers(inventory, scope, name),
    diff: (want, have) => containerDifferences(want, have, digest(want.redacted)),
    without(have, want, gone) {
      const cutOff = want.spec.shares.find(id => gone.has(id));
      const isBuilt = gone.has(want.spec.image);
      const restartFor = want.spec.restartsWith.find(id => gone.has(id));
      const lost = new Set(want.spec.networks.filter(n => gone.has(n.id)).map(n => n.name));
      const kept = Object.entries(have.networks).filter(([name]) => !lost.has(name));
      return {
        ...have,
        networks: Object.fromEntries(kept),
        ...(isBuilt && { imageNow: 'built anew' }),
        ...(cutOff !== undefined && { cutOff }),
        ...(restartFor !== undefined && { restartFor }),
      };
    },
    starts: change =>
      change.verb === 'create' ||
      change.verb === 'replace' ||
      (change.verb === 'update' && runSteps(change.want.spec, change.have).length > 0),
    leans: ({ service }) => service,
    claims: containerClaims,
    holds: containerHolds,
    letGo: letGoOf,
    steps(change) {
      switch (change.verb) {
        case 'create':
          return createSteps(change.want, change.was);
        case 'update':
          return repairSteps(change.want, change.have);
        case 'replace':
          return [...removeSteps(change.have, change.want.spec), ...createSteps(change.want, change.have)];
        case 'delete':
          return removeSteps(change.have, change.again?.spec);
      }
    },
    /** What runs in it ends, and what it wrote outside of volumes is lost. */
    destructive: change => change.verb === 'replace' || change.verb === 'delete',
  };
}
