import {
  markPrefix,
  parseAddress,
  spellAddress,
  type Difference,
  type Found,
  type Inventory,
  type Link,
  type Resource,
  type ResourceId,
  type ResourceKind,
  type Step,
} from '../core/index.js';
import {
  addVxlan,
  deleteLink,
  quietIpv6,
  setLink,
  type LinkSettings,
  type VxlanLink,
} from '../tools/index.js';
import { describeLink, isOurs, resourceOf, vxlanKind } from './device.js';
import { changed } from './fields.js';
import { unread } from './unread.js';

/** A VXLAN device (RFC 7348) without a peer of its own: where frames go stands in its FDB. */
export interface VxlanSpec extends VxlanLink {
  readonly mtu: number;
  readonly alias: string;
  /** The bridge that it is a port of, where it is one; `learning`: whether who is not declared is found by what comes from there. */
  readonly bridge?: { readonly id: ResourceId; readonly device: string; readonly learning: boolean };
  /** The rules that must stand before traffic can come through it. */
  readonly guard?: ResourceId;
}

/** A VXLAN device as it was found. */
export interface VxlanState {
  readonly link: Link;
  readonly topology: string;
}

/** Owned by the mark in its alias; conventional name `vxlan<VNI>`. */
export const vxlan: ResourceKind<VxlanSpec, VxlanState> = {
  name: 'vxlan',
  noun: 'VXLAN device',
  carries: 'switch',
  after: ['bridge', 'gateway', 'guard'],
  reads: ['links'],
  dependsOn: ({ spec: { guard, bridge } }) => [
    ...(guard === undefined
      ? []
      : [{ on: guard, because: 'undeclared traffic must be dropped from the first packet on' }]),
    ...(bridge === undefined ? [] : [{ on: bridge.id, because: `it is a port of ${bridge.device}` }]),
  ],
  read(inventory, scope) {
    const missing = unread(inventory, ['links'], scope);
    if (missing) return missing;
    const names = new Set(scope.wanted.map(w => w.spec.device));
    const strays = inventory.links.filter(
      l => l.kind === 'vxlan' && vxlanKind(l) === 'vxlan' && !names.has(l.name) && isOurs(l, scope.topology),
    );
    return [
      ...scope.wanted.flatMap(resource => readWanted(inventory, resource, scope.topology)),
      ...strays.map(link =>
        ours(resourceOf(link, scope.topology, scope.host, 'vxlan'), link, scope.topology),
      ),
    ];
  },
  diff: (want, { link }) => [...replacing(want, link), ...inPlace(want, link)],
  without: (have, { spec: { bridge } }, gone) => (bridge && gone.has(bridge.id) ? withoutBridge(have) : have),
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

function readWanted(
  inventory: Inventory,
  { id, spec }: Resource<VxlanSpec>,
  topology: string,
): readonly Found<VxlanState>[] {
  const link = inventory.links.find(l => l.name === spec.device);
  if (link)
    return isOurs(link, topology)
      ? [ours(id, link, topology)]
      : [{ is: 'foreign', id, holder: describeLink(link) }];
  return [];
}

function ours(id: ResourceId, link: Link, topology: string): Found<VxlanState> {
  return { is: 'ours', id, state: { link, topology } };
}

/** It stays when its bridge goes, and is a port no more. */
function withoutBridge({ link: { master: _, port: __, ...link }, topology }: VxlanState): VxlanState {
  return { link, topology };
}

function create({ spec, mark }: Resource<VxlanSpec>): readonly Step[] {
  const { mtu, mac, alias } = spec;
  // The alias goes first: it is what tells the device from a foreign one if the run ends here.
  return [
    addVxlan(spec, topologyOf(mark)),
    setLink(spec.device, { alias }),
    quietIpv6(spec.device),
    setLink(spec.device, { mtu, mac, ...asPort(spec), up: true }),
  ];
}

/** A device without an alias is one that a killed run left half made. */
function update(want: VxlanSpec, link: Link): readonly Step[] {
  return [...(link.alias === '' ? [quietIpv6(want.device)] : []), setLink(want.device, settings(want, link))];
}

function remove({ link, topology }: VxlanState): Step {
  return deleteLink(link.name, topology, markPrefix(topology));
}

function topologyOf(mark: string): string {
  return mark.split(':')[1]!;
}

/** Fields that the kernel refuses to change on a device that is there. */
function replacing(want: VxlanSpec, { kind, data }: Link): readonly Difference[] {
  const local = data['local'] ?? data['local6'];
  const df = parseAddress(want.local)?.family === 4 ? [changed('df', data['df'] ?? 'unset', 'set')] : [];
  const fields = [
    changed('kind', kind, 'vxlan'),
    changed('vni', data['id'] ?? 'none', want.vni),
    changed('port', data['port'] ?? 'none', want.port),
    changed('local', local ?? 'none', spellAddress(want.local)),
    want.bridge ? [] : changed('learning', data['learning'] ?? true, true),
    ...df,
  ];
  return fields.flat().map(difference => ({ ...difference, replace: true }));
}

function inPlace(want: VxlanSpec, link: Link): readonly Difference[] {
  return [
    changed('mtu', link.mtu, want.mtu),
    changed('mac', link.mac, want.mac),
    changed('alias', link.alias, want.alias),
    changed('bridge', link.master ?? 'none', want.bridge?.device ?? 'none'),
    ...(want.bridge
      ? [
          changed('learning', portOf(link).learning, want.bridge.learning),
          changed('neigh_suppress', portOf(link).suppress, true),
        ]
      : []),
    changed('state', link.up ? 'up' : 'down', 'up'),
  ].flat();
}

function settings(want: VxlanSpec, link: Link): LinkSettings {
  return {
    ...(link.alias === want.alias ? {} : { alias: want.alias }),
    ...(link.mtu === want.mtu ? {} : { mtu: want.mtu }),
    ...(link.mac === want.mac ? {} : { mac: want.mac }),
    ...(link.master === want.bridge?.device ? portChanges(want, link) : asPort(want)),
    ...(link.up ? {} : { up: true }),
  };
}

/** All of it before the device is up: nothing goes through before it is known who answers. */
function asPort({ bridge }: VxlanSpec): Pick<LinkSettings, 'master' | PortSetting> {
  return bridge ? { master: bridge.device, suppress: true, learning: bridge.learning } : {};
}

type PortSetting = 'suppress' | 'learning';

function portChanges({ bridge }: VxlanSpec, link: Link): Pick<LinkSettings, PortSetting> {
  if (!bridge) return {};
  const { learning, suppress } = portOf(link);
  return {
    ...(suppress ? {} : { suppress: true }),
    ...(learning === bridge.learning ? {} : { learning: bridge.learning }),
  };
}

/** What a port of a bridge has of what can be changed while frames go through it. A kernel that does not say has no suppression. */
function portOf({ data, port }: Link): { readonly suppress: boolean; readonly learning: boolean | 'partly' } {
  const device = data['learning'] !== false;
  const atBridge = (port?.['learning'] ?? device) !== false;
  return { suppress: port?.['neigh_suppress'] !== false, learning: device === atBridge ? device : 'partly' };
}
