import {
  type Claim,
  type Difference,
  digest,
  NETWORK_BRIDGE,
  NETWORK_MTU,
  type Resource,
  type ResourceKind,
  type Step,
  subnetClaim,
} from '../core/index.js';
import {
  adopt,
  type Adopted,
  createNetwork,
  disconnectNetwork,
  refuse,
  removeNetwork,
} from '../tools/index.js';
import { adoptionDifference, disownSteps } from './adoption.js';
import { compareFields } from './fields.js';
import { marks } from './marks.js';
import { networkFields, type NetworkFields } from './network-fields.js';
import { findNetworks, type NetworkState } from './network-read.js';
import type { NetworkSpec } from './network-spec.js';

export type { NetworkState } from './network-read.js';
export type { NetworkSpec } from './network-spec.js';

/** The engine has no call to change a network: whatever differs replaces it, and its containers connect again by their own actions. */
export const network: ResourceKind<NetworkSpec, NetworkState> = {
  name: 'network',
  noun: 'network',
  after: ['sysctl'],
  reads: ['networks', 'containers'],
  dependsOn: ({ spec }) =>
    (spec.after ?? []).map(on => ({
      on,
      because: 'the engine turns on forwarding with the first IPv6 network, and asks for nothing first',
    })),
  read: findNetworks,
  diff(want, have) {
    if (want.external) return [];
    return [
      ...adoptionDifference(have.adopted),
      ...compareFields(have.madeFor, have.wantedBy, 'topo.id'),
      ...compareFields(have.name, want.name, 'name'),
      ...fieldDifferences(have.fields, networkFields(want)),
    ];
  },
  claims({ spec }) {
    if (spec.external) return [];
    return claimsTo(
      spec.name,
      networkFields(spec).bridge,
      spec.subnets.map(s => s.subnet),
    );
  },
  holds: have => claimsTo(have.name, have.fields.bridge, have.subnets),
  steps(change) {
    switch (change.verb) {
      case 'create':
        return change.want.spec.external ? [] : [create(change.want)];
      case 'update':
        return [adopt(record(change.want, change.have), change.have.name)];
      case 'replace':
        return [...takeAway(change.have), create(change.want)];
      case 'delete':
        return takeAway(change.have);
    }
  },
};

/** With another driver everything else is another thing. */
function fieldDifferences(have: NetworkFields, want: NetworkFields): readonly Difference[] {
  const driver = compareFields(have.driver, want.driver, 'driver');
  return driver.length > 0 ? driver : compareFields(have, want);
}

function claimsTo(name: string, bridge: string | undefined, subnets: readonly string[]): readonly Claim[] {
  const device = bridge === undefined ? [] : [`bridge ${bridge}` as const];
  return [`network name ${name}`, ...device, ...subnets.map(s => subnetClaim(s))];
}

/** What stands for the labels that it can't be given. */
function record({ id, group, spec }: Resource<NetworkSpec>, { id: ref }: NetworkState): Adopted {
  const fields = networkFields(spec);
  const labels = marks({ topology: spec.topology, id, group, hash: digest(fields), spec: fields });
  return { noun: 'network', ref, topology: spec.topology, labels };
}

function create({ id, group, spec }: Resource<NetworkSpec>): Step {
  const fields = networkFields(spec);
  const mark = marks({ topology: spec.topology, id, group, hash: digest(fields), spec: fields });
  return createNetwork({
    Name: spec.name,
    CheckDuplicate: true,
    Driver: fields.driver,
    Internal: spec.internal,
    ...(spec.attachable && { Attachable: true }),
    ...(spec.ipv4 !== undefined && { EnableIPv4: spec.ipv4 }),
    EnableIPv6: spec.ipv6,
    IPAM: {
      Driver: spec.ipam?.driver ?? 'default',
      ...(spec.ipam?.options && { Options: spec.ipam.options }),
      Config: spec.subnets.map(s => ({
        Subnet: s.subnet,
        ...(s.gateway !== undefined && { Gateway: s.gateway }),
        ...(s.range !== undefined && { IPRange: s.range }),
        ...(s.aux && { AuxiliaryAddresses: s.aux }),
      })),
    },
    Options: {
      ...spec.options,
      ...(fields.bridge !== undefined && { [NETWORK_BRIDGE]: fields.bridge }),
      ...(fields.mtu !== undefined && { [NETWORK_MTU]: String(fields.mtu) }),
    },
    Labels: { ...spec.labels, ...mark },
  });
}

/** Only containers of ours are disconnected. One of somebody else's is left alone, and the network with it. */
function takeAway(have: NetworkState): readonly Step[] {
  const foreign = have.attached.find(a => !a.ours);
  if (foreign)
    return [refuse(`network ${have.name} is in use by container ${foreign.name}, which is not topo's`)];
  const disconnects = have.attached.map(a => disconnectNetwork(have.id, a.id, a.name, have.name));
  const forget = disownSteps(have.adopted, { noun: 'network', ref: have.id }, have.name);
  return [...disconnects, removeNetwork(have.id, have.name), ...forget];
}
