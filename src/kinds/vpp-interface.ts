import {
  markPrefix,
  type Claim,
  type Dependency,
  type Difference,
  type Found,
  type Inventory,
  type InventoryPart,
  type Resource,
  type ResourceId,
  type ResourceKind,
  type Scope,
  type Step,
  type VppInterface,
  type VppState,
  topologyOfMark,
} from '../core/index.js';
import { isVppWord, setVppName, tellVpp, type VppCommand, type Vppctl } from '../tools/index.js';
import { changed } from './fields.js';
import { idsOfMarks } from './recorded.js';
import { unread } from './unread.js';
import {
  dressPort,
  portClaims,
  portDifferences,
  portHolds,
  portSpoilt,
  redressPort,
  withoutDomain,
  yieldPort,
  type VppPort,
} from './vpp-port.js';

/** An interface of a host's VPP that topo makes. */
export interface VppInterfaceSpec {
  readonly topology: string;
  readonly vppctl: Vppctl;
  /** Its name, which follows from what it is made of. */
  readonly name: string;
  readonly port: VppPort;
}

/** An interface as it was found, and what else of VPP and of the host its kind looks at. */
export interface VppInterfaceState<More> {
  readonly vppctl: Vppctl;
  /** By the name that it was made as. */
  readonly interface: VppInterface;
  /** By which VPP knows it, where somebody has given it another name. */
  readonly called?: string;
  readonly more: More;
}

/** What a kind of interface has to say; the rest is the same for all of them. */
export interface VppInterfaceKind<Spec extends VppInterfaceSpec, More> {
  readonly name: string;
  readonly noun: string;
  readonly after: readonly string[];
  /** The names that VPP gives to such interfaces. */
  readonly names: RegExp;
  needs?(spec: Spec): readonly Dependency[];
  /** What that reads beside VPP and the links of the host. */
  readonly reads?: readonly InventoryPart[];
  /** What is to be known of it beside itself; of strays there is no spec. */
  more(found: VppInterface, vpp: VppState, inventory: Inventory, spec: Spec | undefined): More;
  /** What is known of it once something that it needs is gone; absent: it is gone too. */
  bereft?(): More;
  /** Whether one without a tag is what a killed run left half made. */
  isOwn(spec: Spec, found: VppInterface, more: More): boolean;
  /** What can't be changed in place. */
  fixed(spec: Spec, found: VppInterface, more: More): readonly Difference[];
  /** What it can have alone on its host by what can't be changed in place; of what was found the same. */
  claims?(spec: Spec): readonly Claim[];
  holds?(found: VppInterface, more: More): readonly Claim[];
  create(spec: Spec): readonly VppCommand[];
  remove(found: VppInterface, more: More): readonly VppCommand[];
  /** What of the host is not as it needs it and can be set in place, and by which step. */
  around?(spec: Spec, more: More): readonly (Difference & { readonly mend: Step })[];
  /** What is to be done on the host before it is made, after that, and after it was removed. */
  before?(spec: Spec): readonly Step[];
  made?(spec: Spec): readonly Step[];
  removed?(more: More): readonly Step[];
}

/**
 * A kind of resource that is an interface of VPP and a port of a bridge domain. Owned by its tag, which dies with it; the name is as fixed
 * as what it is made of, so whatever else has that name is in the way.
 */
export function vppInterfaceKind<Spec extends VppInterfaceSpec, More>(
  kind: VppInterfaceKind<Spec, More>,
): ResourceKind<Spec, VppInterfaceState<More>> {
  return {
    name: kind.name,
    noun: kind.noun,
    carries: 'switch',
    heldBy: 'VPP',
    after: kind.after,
    reads: ['vpp', ...(kind.reads ?? ['links'])],
    dependsOn: ({ spec }) => [
      { on: spec.port.domain.id, because: `it is a port of bridge domain ${spec.port.domain.number}` },
      ...(kind.needs?.(spec) ?? []),
    ],
    read: (inventory, scope) =>
      unread(inventory, ['vpp', ...(kind.reads ?? [])], scope) ??
      (inventory.vpp ? readFrom(kind, inventory.vpp, inventory, scope) : []),
    diff: (want, { interface: found, called = found.name, more }) => [
      ...[...kind.fixed(want, found, more), ...portSpoilt(want.port, found)].map(d => ({
        ...d,
        replace: true as const,
      })),
      ...changed('name', called, found.name),
      ...portDifferences(want.port, found),
      ...(kind.around?.(want, more) ?? []).map(({ mend: _, ...difference }) => difference),
    ],
    without: (have, want, gone) => remains(kind, have, want, gone),
    claims: ({ spec }) => [...portClaims(spec.port), ...(kind.claims?.(spec) ?? [])],
    holds: ({ interface: found, more }) => [...portHolds(found), ...(kind.holds?.(found, more) ?? [])],
    letGo: ({ spec }, have) => makeRoom(spec.port, have),
    steps(change) {
      switch (change.verb) {
        case 'create':
          return create(kind, change.want.spec);
        case 'update': {
          return redress(kind, change.want.spec, change.have);
        }
        case 'replace':
          return [...remove(kind, change.have), ...create(kind, change.want.spec)];
        case 'delete':
          return remove(kind, change.have);
      }
    },
  };
}

function readFrom<Spec extends VppInterfaceSpec, More>(
  kind: VppInterfaceKind<Spec, More>,
  vpp: VppState,
  inventory: Inventory,
  scope: Scope<Spec>,
): readonly Found<VppInterfaceState<More>>[] {
  const { topology } = scope;
  const all = vpp.interfaces.map(asMade);
  const stateOf = (found: Named, spec?: Spec): VppInterfaceState<More> => {
    const { called, ...own } = found;
    const more = kind.more(own, vpp, inventory, spec);
    return { vppctl: vpp.called, interface: own, ...(called !== undefined && { called }), more };
  };
  const wanted = scope.wanted.flatMap(want => {
    const isIt = (name: string | undefined): boolean => name === want.spec.name;
    const found = all.find(i => isIt(i.name)) ?? all.find(i => isIt(i.called));
    return found ? [seen(kind, want, stateOf(found, want.spec), topology)] : [];
  });
  const idOf = idsOfMarks(inventory, scope, kind.name);
  const names = new Set(scope.wanted.map(w => w.spec.name));
  const strays = all.filter(i => {
    const isOurs = kind.names.test(i.name) && isMarked(i, topology) && !LENT.test(i.tag!);
    return isOurs && !names.has(i.name) && isVppWord(i.called ?? i.name);
  });
  return [
    ...wanted,
    ...strays.map((found): Found<VppInterfaceState<More>> => {
      return { is: 'ours', id: idOf(found.tag!), state: stateOf(found) };
    }),
  ];
}

/** An interface by the name that it was made as, for that is what VPP has once. */
interface Named extends VppInterface {
  readonly called?: string;
}

function asMade(found: VppInterface): Named {
  return found.made === undefined ? found : { ...found, name: found.made, called: found.name };
}

/** Gives it its name back, by which all else is told of it. */
function renamed<More>({ interface: { name }, called }: VppInterfaceState<More>): readonly VppCommand[] {
  return called === undefined ? [] : [setVppName(called, name)];
}

/** Ends the tag of an interface that is VPP's own and only lent: how it was before, to be so again. */
export const LENT = /:was-(up|down)$/;

/** Whether something of VPP is this topology's. */
export function isMarked({ tag }: { readonly tag?: string }, topology: string): boolean {
  return tag?.startsWith(markPrefix(topology)) ?? false;
}

/** What bears no tag of ours, for people. */
export function taggedText(what: string, { tag }: { readonly tag?: string }): string {
  const whose = tag === undefined ? undefined : topologyOfMark(tag);
  if (whose !== undefined) return `${what} of topology ${whose} in VPP`;
  return `${what} of VPP, which topo did not make${tag === undefined ? '' : ` (tag: ${tag})`}`;
}

function seen<Spec extends VppInterfaceSpec, More>(
  kind: VppInterfaceKind<Spec, More>,
  { id, spec }: Resource<Spec>,
  state: VppInterfaceState<More>,
  topology: string,
): Found<VppInterfaceState<More>> {
  const { interface: found, called = found.name, more } = state;
  const half = found.tag === undefined && kind.isOwn(spec, found, more);
  if ((isMarked(found, topology) || half) && isVppWord(called)) return { is: 'ours', id, state };
  return { is: 'foreign', id, holder: taggedText(`interface ${called}`, found) };
}

/** Nothing, or an interface of no use, where what it is made of goes and is made anew. */
function remains<Spec extends VppInterfaceSpec, More>(
  kind: VppInterfaceKind<Spec, More>,
  have: VppInterfaceState<More>,
  { spec }: Resource<Spec>,
  gone: ReadonlySet<ResourceId>,
): VppInterfaceState<More> | undefined {
  const isBereft = kind.needs?.(spec).some(need => gone.has(need.on)) ?? false;
  if (isBereft && !kind.bereft) return undefined;
  const left = isBereft && kind.bereft ? { ...have, more: kind.bereft() } : have;
  return gone.has(spec.port.domain.id) ? { ...left, interface: withoutDomain(left.interface) } : left;
}

function create<Spec extends VppInterfaceSpec, More>(
  kind: VppInterfaceKind<Spec, More>,
  spec: Spec,
): readonly Step[] {
  const commands = [...kind.create(spec), ...dressPort(spec.name, spec.port)];
  return [
    ...(kind.before?.(spec) ?? []),
    tellVpp(spec.vppctl, commands, `make ${spec.name}`),
    ...(kind.made?.(spec) ?? []),
  ];
}

function redress<Spec extends VppInterfaceSpec, More>(
  kind: VppInterfaceKind<Spec, More>,
  spec: Spec,
  state: VppInterfaceState<More>,
): readonly Step[] {
  const { interface: found, more } = state;
  const commands = [...renamed(state), ...redressPort(spec.port, found)];
  return [
    ...(commands.length > 0 ? [tellVpp(spec.vppctl, commands, `set ${spec.name}`)] : []),
    ...(kind.around?.(spec, more) ?? []).map(({ mend }) => mend),
  ];
}

function makeRoom<More>(
  port: VppPort,
  have: VppInterfaceState<More>,
): { readonly steps: readonly Step[]; readonly left: VppInterfaceState<More> } {
  const { commands, left } = yieldPort(port, have.interface);
  if (commands.length === 0) return { steps: [], left: have };
  const { called: _, ...rest } = have;
  const step = tellVpp(have.vppctl, [...renamed(have), ...commands], `${left.name} makes room`);
  return { steps: [step], left: { ...rest, interface: left } };
}

function remove<Spec extends VppInterfaceSpec, More>(
  kind: VppInterfaceKind<Spec, More>,
  state: VppInterfaceState<More>,
): readonly Step[] {
  const { vppctl, interface: found, more } = state;
  const commands = [...renamed(state), ...kind.remove(found, more)];
  return [tellVpp(vppctl, commands, `remove ${found.name}`), ...(kind.removed?.(more) ?? [])];
}
