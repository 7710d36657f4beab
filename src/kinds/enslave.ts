import type { Found, Inventory, Link, ResourceId, ResourceKind, Scope } from '../core/index.js';
import { resourceId } from '../core/index.js';
import { enslaveLink, hostInterfaceName, releaseDevice, releaseLink } from '../tools/index.js';
import { describeLink, isOurs } from './device.js';
import { portClaim } from './plug.js';
import { unread } from './unread.js';

/** A device of the host's own that is made a port of a bridge of ours. */
export interface EnslaveSpec {
  readonly topology: string;
  readonly device: string;
  readonly bridge: { readonly id: ResourceId; readonly device: string };
}

export interface EnslaveState {
  readonly link: Pick<Link, 'name' | 'up' | 'master'>;
  readonly topology: string;
  /** It is no port any more, and was not let go: it has to be given back as it was. */
  readonly isLeft?: true;
}

/**
 * The device is foreign and stays so: nothing of it is changed but its bridge, and that it is up. How it was is written down on the
 * host before, and put back when it is let go. Whatever foreign is a port of a bridge of ours is of this kind, and so is what was a port, of a
 * bridge or of another dataplane, and lost that by somebody else.
 */
export const enslave: ResourceKind<EnslaveSpec, EnslaveState> = {
  name: 'enslave',
  noun: 'port',
  carries: 'port',
  after: ['bridge', 'gateway'],
  reads: ['links'],
  dependsOn: ({ spec }) => [{ on: spec.bridge.id, because: `it is a port of ${spec.bridge.device}` }],
  read(inventory, scope) {
    const missing = unread(inventory, ['links'], scope);
    if (missing) return missing;
    const { topology, host, wanted } = scope;
    const names = new Map(wanted.map(w => [w.spec.device, w]));
    const bridges = new Set(
      inventory.links.filter(l => l.kind === 'bridge' && isOurs(l, topology)).map(l => l.name),
    );
    const found = inventory.links.flatMap((link): readonly Found<EnslaveState>[] => {
      const want = names.get(link.name);
      const ours = link.master !== undefined && bridges.has(link.master);
      if (want && link.master !== undefined && !ours)
        return [
          { is: 'foreign', id: want.id, holder: `${describeLink(link)}, a port of ${link.master} already` },
        ];
      if (!ours || isOurs(link, topology) || (!want && isEngines(link))) return [];
      return [
        { is: 'ours', id: want?.id ?? resourceId(host, 'enslave', link.name), state: { link, topology } },
      ];
    });
    return [...found, ...leftBehind(inventory, scope, new Set(found.map(f => f.id)))];
  },
  diff: (want, { link }) => [
    ...(link.master === want.bridge.device
      ? []
      : [{ field: 'bridge', have: link.master ?? 'none', want: want.bridge.device }]),
    ...(link.up ? [] : [{ field: 'state', have: 'down', want: 'up' }]),
  ],
  claims: ({ spec }) => [portClaim(spec.device)],
  holds: ({ link }) => [portClaim(link.name)],
  without: (have, want, gone) => (gone.has(want.spec.bridge.id) ? undefined : have),
  steps(change) {
    if (change.verb === 'delete') {
      const { link, topology, isLeft } = change.have;
      return [isLeft ? releaseDevice(link.name, topology) : releaseLink(link.name, topology)];
    }
    const { device, bridge, topology } = change.want.spec;
    return [enslaveLink(device, bridge.device, topology)];
  },
};

/**
 * What was written down when a device was taken, and stands there though no bridge and no dataplane has it: VPP was restarted, or somebody removed
 * the bridge. What is wanted is taken anew, by what was written.
 */
function leftBehind(
  { taken, links, vale, vpp, unread: missing }: Inventory,
  { topology, host, wanted, all }: Scope<EnslaveSpec>,
  found: ReadonlySet<ResourceId>,
): readonly Found<EnslaveState>[] {
  if (missing.vpp !== undefined || missing.vale !== undefined) return [];
  const has = new Set(vpp?.interfaces.map(i => i.made ?? i.name));
  const onVale = new Set(vale?.ports.map(p => p.device));
  return taken.flatMap((device): readonly Found<EnslaveState>[] => {
    const id = resourceId(host, 'enslave', device);
    const isWanted =
      wanted.some(w => w.spec.device === device) || all?.has(resourceId(host, 'vpp_host_interface', device));
    if (isWanted || found.has(id) || has.has(hostInterfaceName(device)) || onVale.has(device)) return [];
    const link = links.find(l => l.name === device) ?? { name: device, up: false };
    return [{ is: 'ours', id, state: { link, topology, isLeft: true } }];
  });
}

/** On the bridge of a Docker network the engine has ports of its own: one for each container, by names that it alone gives. */
function isEngines({ kind, name }: Link): boolean {
  return kind === 'veth' && /^veth[0-9a-f]{7}$/.test(name);
}
