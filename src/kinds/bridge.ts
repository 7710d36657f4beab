import {
  markPrefix,
  type Difference,
  type Found,
  type Inventory,
  type Link,
  type Resource,
  type ResourceKind,
  type Step,
} from '../core/index.js';
import { addBridge, deleteLink, quietIpv6, setBridge, setLink, type BridgeSettings } from '../tools/index.js';
import { aliasKind, describeLink, isOurs, resourceOf } from './device.js';
import { unread } from './unread.js';

/** A Linux bridge: a switch of the file, what a segment is on one host, or what joins a host's own device to a wire. */
export interface BridgeSpec extends BridgeSettings {
  readonly topology: string;
  readonly device: string;
  readonly mac: string;
  /** Bytes. */
  readonly mtu: number;
  readonly alias: string;
}

export interface BridgeState {
  readonly link: Link;
  readonly topology: string;
}

/** Owned by the mark in its alias. The engine's own bridges are networks', and not looked at here. */
export const bridge: ResourceKind<BridgeSpec, BridgeState> = {
  name: 'bridge',
  noun: 'bridge',
  carries: 'switch',
  after: [],
  reads: ['links'],
  dependsOn: () => [],
  read(inventory, scope) {
    const missing = unread(inventory, ['links'], scope);
    if (missing) return missing;
    const names = new Set(scope.wanted.map(w => w.spec.device));
    const { topology, host } = scope;
    const strays = inventory.links.filter(
      l => l.kind === 'bridge' && aliasKind(l) !== 'gateway' && !names.has(l.name) && isOurs(l, topology),
    );
    return [
      ...scope.wanted.flatMap(resource => readWanted(inventory, resource)),
      ...strays.map((link): Found<BridgeState> => {
        const id = resourceOf(link, topology, host, 'bridge');
        return { is: 'ours', id, state: { link, topology } };
      }),
    ];
  },
  diff: (want, { link }) => [
    ...(link.kind === 'bridge'
      ? []
      : [{ field: 'kind', have: link.kind, want: 'bridge', replace: true as const }]),
    ...fieldsOf(link)
      .filter(([name, have]) => String(have) !== String(want[name]))
      .map(([name, have]): Difference => ({
        field: WORDS[name],
        have: String(have),
        want: String(want[name]),
      })),
    ...(link.up ? [] : [{ field: 'state', have: 'down', want: 'up' }]),
  ],
  steps(change) {
    switch (change.verb) {
      case 'create':
        return create(change.want);
      case 'update':
        return update(change.want.spec, change.have.link);
      case 'replace':
        return [remove(change.have), ...create(change.want)];
      case 'delete':
        return [remove(change.have)];
    }
  },
};

const WORDS = {
  mtu: 'mtu',
  mac: 'mac',
  alias: 'alias',
  stp: 'stp',
  ageing: 'ageing',
  groupFwdMask: 'group_fwd_mask',
  vlanFiltering: 'vlan_filtering',
  netfilter: 'nf_call_iptables',
} as const;

/**
 * What a bridge has, by the names of its spec; ageing in hundredths of a second, as the kernel tells it. While a spanning tree settles,
 * the kernel ages by twice the forward delay and says that (seen): what it was told shows again half a minute later.
 */
function fieldsOf({ mtu, mac, alias, data }: Link): readonly (readonly [keyof typeof WORDS, unknown])[] {
  const settling = Number(data['topology_change'] ?? 0) !== 0;
  return [
    ['mtu', mtu],
    ['mac', mac],
    ['alias', alias],
    ['stp', Number(data['stp_state'] ?? 0) !== 0],
    ...(settling ? [] : [['ageing', data['ageing_time']] as const]),
    ['groupFwdMask', Number(data['group_fwd_mask'] ?? 0)],
    ['vlanFiltering', Number(data['vlan_filtering'] ?? 0) !== 0],
    ['netfilter', NETFILTER.some(name => Number(data[name] ?? 0) !== 0)],
  ];
}

/** Where one of these is on, the bridge shows its frames to the firewall of that family, whatever the host's own setting. */
const NETFILTER = ['nf_call_iptables', 'nf_call_ip6tables', 'nf_call_arptables'];

function readWanted(inventory: Inventory, { id, spec }: Resource<BridgeSpec>): readonly Found<BridgeState>[] {
  const link = inventory.links.find(l => l.name === spec.device);
  if (!link) return [];
  if (!isOurs(link, spec.topology)) return [{ is: 'foreign', id, holder: describeLink(link) }];
  return [{ is: 'ours', id, state: { link, topology: spec.topology } }];
}

function create({ spec }: Resource<BridgeSpec>): readonly Step[] {
  const { device, mac, mtu, alias } = spec;
  return [
    addBridge(device, mac, spec, spec.topology),
    setLink(device, { alias }),
    quietIpv6(device),
    setLink(device, { mtu, up: true }),
  ];
}

/** A device without an alias is one that a killed run left half made. */
function update(want: BridgeSpec, link: Link): readonly Step[] {
  const changed = new Set(
    fieldsOf(link).flatMap(([name, have]) => (String(have) === String(want[name]) ? [] : [name])),
  );
  const { mtu, mac, alias, stp, ageing, groupFwdMask, vlanFiltering, netfilter } = want;
  const settings = {
    ...(changed.has('stp') && { stp }),
    ...(changed.has('ageing') && { ageing }),
    ...(changed.has('groupFwdMask') && { groupFwdMask }),
    ...(changed.has('vlanFiltering') && { vlanFiltering }),
    ...(changed.has('netfilter') && { netfilter }),
  };
  const own = {
    ...(changed.has('alias') && { alias }),
    ...(changed.has('mtu') && { mtu }),
    ...(changed.has('mac') && { mac }),
    ...(!link.up && { up: true as const }),
  };
  return [
    ...(link.alias === '' ? [quietIpv6(want.device)] : []),
    ...(Object.keys(settings).length > 0 ? [setBridge(want.device, settings)] : []),
    ...(Object.keys(own).length > 0 ? [setLink(want.device, own)] : []),
  ];
}

function remove({ link, topology }: BridgeState): Step {
  return deleteLink(link.name, topology, markPrefix(topology));
}
