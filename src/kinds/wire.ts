import {
  type Claim,
  type Dependency,
  type Difference,
  type Found,
  type Inventory,
  type Link,
  type Resource,
  type ResourceId,
  type ResourceKind,
  type Scope,
  type Step,
} from '../core/index.js';
import { aliasKind, describeLink, isOurs, resourceOf, vxlanKind } from './device.js';
import { allPlugs, unseenIn, plugAt, type PlugState } from './plug-read.js';
import { plugDifferences } from './plug-diff.js';
import { dress, redress, unplug } from './plug-steps.js';
import { deviceClaim, plugClaim, plugNeeds, type PlugSpec } from './plug.js';
import { unknown, unread } from './unread.js';

/** What is common to all wires. */
export interface WireSpec {
  readonly topology: string;
  readonly alias: string;
  /** One or both of its ends: those that are on this host. */
  readonly plugs: readonly PlugSpec[];
}

/** The ends of a wire that were found, in the order of the spec's; of a stray, all that bear its mark. */
export interface WireState {
  readonly topology: string;
  readonly plugs: readonly (PlugState | undefined)[];
}

/** What a kind of wire has to say; the rest is the same for all of them. */
export interface WireKind<Spec extends WireSpec> {
  readonly name: string;
  readonly noun: string;
  /** The kernel's word for such a device. */
  readonly device: string;
  /** Makes the device, or both. */
  add(spec: Spec): Step;
  /** What the kernel refuses to change on a device that is there. */
  fixed?(spec: Spec, link: Link): readonly Difference[];
  /** What must be there for it beside the places of its ends, and kinds that this is of. */
  needs?(spec: Spec): readonly Dependency[];
  readonly after?: readonly string[];
  /** What it has to itself beside the names of its devices. */
  claims?(spec: Spec): readonly Claim[];
  holds?(link: Link): readonly Claim[];
}

/**
 * A kind of resource that is a wire with its ends in containers or on bridges. It goes with the namespace that it ends in, at every
 * restart of the container: that is absence, to be repaired. Owned by the mark in its alias, which survives a move.
 */
export function wireKind<Spec extends WireSpec>(kind: WireKind<Spec>): ResourceKind<Spec, WireState> {
  return {
    name: kind.name,
    noun: kind.noun,
    carries: 'wire',
    after: [
      'bridge',
      'container',
      'enslave',
      'gateway',
      'holder',
      'network',
      'sandbox',
      ...(kind.after ?? []),
    ],
    reads: ['links', 'containers', 'namespaces'],
    dependsOn: ({ spec }) => [...spec.plugs.flatMap(plugNeeds), ...(kind.needs?.(spec) ?? [])],
    read: (inventory, scope) =>
      unread(inventory, ['links', 'containers', 'namespaces'], scope) ?? [
        ...scope.wanted.flatMap(resource => readWanted(kind, inventory, resource)),
        ...straysOf(kind, inventory, scope),
      ],
    diff(want, have) {
      if (have.plugs.includes(undefined)) return [{ field: 'ends', have: 'one', want: 'two', replace: true }];
      const found = have.plugs.map(plug => plug!);
      return [
        ...found
          .flatMap(({ link }) => kind.fixed?.(want, link) ?? [])
          .map(d => ({ ...d, replace: true as const })),
        ...want.plugs.flatMap((plug, i) => plugDifferences(plug, found[i]!, want.alias)),
      ];
    },
    without: (have, { spec }, gone) =>
      endsWith(spec, gone) || kind.needs?.(spec).some(need => gone.has(need.on)) ? undefined : have,
    claims: ({ spec }) => [...spec.plugs.map(plugClaim), ...(kind.claims?.(spec) ?? [])],
    holds: have => have.plugs.flatMap(plug => (plug ? heldBy(kind, plug) : [])),
    steps(change) {
      switch (change.verb) {
        case 'create':
          return create(kind, change.want);
        case 'update':
          return change.want.spec.plugs.flatMap((plug, i) =>
            redress(plug, change.have.plugs[i]!, change.want.spec.alias),
          );
        case 'replace':
          return [...remove(change.have), ...create(kind, change.want)];
        case 'delete':
          return remove(change.have);
      }
    },
  };
}

function readWanted<Spec extends WireSpec>(
  kind: WireKind<Spec>,
  inventory: Inventory,
  { id, host, spec }: Resource<Spec>,
): readonly Found<WireState>[] {
  const blind = spec.plugs.map(plug => unseenIn(inventory, plug)).find(name => name !== undefined);
  if (blind !== undefined) return [unknown(id, host, `the network devices in container ${blind}`)];
  const found = spec.plugs.map(plug => plugAt(inventory, plug));
  const foreign = found.find(plug => plug && !isOurs(plug.link, spec.topology));
  if (foreign) return [{ is: 'foreign', id, holder: holderText(foreign) }];
  const own = found.map(plug =>
    plug && ownerOf(kind, plug, spec.topology, host, id) === id ? plug : undefined,
  );
  return own.every(plug => plug === undefined)
    ? []
    : [{ is: 'ours', id, state: { topology: spec.topology, plugs: own } }];
}

function straysOf<Spec extends WireSpec>(
  kind: WireKind<Spec>,
  inventory: Inventory,
  { topology, host, wanted }: Scope<Spec>,
): readonly Found<WireState>[] {
  const known = new Set(wanted.map(w => w.id));
  const names = new Set(wanted.flatMap(w => w.spec.plugs.map(plugClaim)));
  const strays = new Map<ResourceId, PlugState[]>();
  for (const plug of allPlugs(inventory)) {
    if (!isOurs(plug.link, topology) || !isOfKind(kind, plug)) continue;
    const half = plug.link.alias === '' && names.has(claimOf(plug));
    const id = resourceOf(plug.link, topology, host, kind.name);
    if (half || known.has(id)) continue;
    strays.set(id, [...(strays.get(id) ?? []), plug]);
  }
  return [...strays]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, plugs]) => ({ is: 'ours', id, state: { topology, plugs } }));
}

/** A device without an alias is what a killed run left half made: it is whose name it has. */
function ownerOf<Spec extends WireSpec>(
  kind: WireKind<Spec>,
  { link }: PlugState,
  topology: string,
  host: string,
  id: ResourceId,
): ResourceId {
  return link.alias === '' && link.kind === kind.device ? id : resourceOf(link, topology, host, kind.name);
}

/** By its alias; one without is of the kind that its device is, where no other kind has such devices under such a name. */
function isOfKind<Spec extends WireSpec>(kind: WireKind<Spec>, { link, container }: PlugState): boolean {
  if (link.kind !== kind.device) return false;
  if (link.kind === 'vxlan' && container === undefined) return vxlanKind(link) === kind.name;
  return (aliasKind(link) ?? kind.name) === kind.name;
}

function create<Spec extends WireSpec>(kind: WireKind<Spec>, { spec }: Resource<Spec>): readonly Step[] {
  return [kind.add(spec), ...spec.plugs.flatMap(plug => dress(plug, spec.alias))];
}

function remove({ plugs, topology }: WireState): readonly Step[] {
  return plugs.flatMap(plug => (plug ? [unplug(plug, topology)] : []));
}

/** A wire goes with the namespace of a container that is made anew, but not with a bridge: that only lets go of it. */
function endsWith({ plugs }: WireSpec, gone: ReadonlySet<ResourceId>): boolean {
  return plugs.some(({ place }) => place.is === 'container' && gone.has(place.id));
}

function heldBy<Spec extends WireSpec>(kind: WireKind<Spec>, plug: PlugState): readonly Claim[] {
  return [claimOf(plug), ...(kind.holds?.(plug.link) ?? [])];
}

function claimOf({ link, container }: PlugState): Claim {
  return deviceClaim(link.name, container?.name);
}

function holderText({ link, container }: PlugState): string {
  const where = container ? ` in container ${container.name}` : '';
  return `${describeLink(link)}${where}`;
}
