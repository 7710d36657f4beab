import type {
  Claim,
  Dependency,
  Difference,
  Found,
  Inventory,
  InventoryPart,
  ResourceId,
  ResourceKind,
  Step,
} from '../core/index.js';
import { ownDevice, type DeviceRef } from './device.js';
import { unread } from './unread.js';

/** The entries of one sort on one device of ours, by the text that names each; `value` is what can differ under the same name. */
export interface EntrySet {
  readonly device: DeviceRef;
  readonly entries: Readonly<Record<string, string>>;
}

/** What a kind whose resource is a set of entries on a device of ours has to say; the rest is the same for all of them. */
export interface EntryKind<Spec> {
  readonly name: string;
  readonly noun: string;
  readonly after: readonly string[];
  readonly part: InventoryPart;
  /** What entries follow from that is not known before, as of any kind of resource. */
  readonly derived?: string;
  /** The same. */
  readonly carries?: 'trunk';
  /** What the resource needs beside its device. */
  needs?(spec: Spec): readonly Dependency[];
  /** Whether its device is there, where that is not one of ours by its mark. */
  isThere?(inventory: Inventory, spec: Spec): boolean;
  wanted(spec: Spec): Readonly<Record<string, string>>;
  found(inventory: Inventory, spec: Spec): Readonly<Record<string, string>>;
  /** What on the host must not be overwritten, in words. */
  holder?(inventory: Inventory, spec: Spec, topology: string): string | undefined;
  /** What an entry of that name has to itself on the host, where it has something. */
  claim?(name: string): Claim;
  /** Writes all that is wanted: entries can go along with others, so writing only what was missing is not enough. */
  write(spec: Spec): Step;
  remove(device: string, names: readonly string[]): Step;
}

/**
 * A kind of resource that is a set of entries on a device of ours. Whatever is in that set and not wanted is removed, so
 * there are no strays: a device's own kind takes them along, and a device that stays has its set stated, an empty one too.
 */
export function entryKind<Spec extends { readonly device: DeviceRef }>(
  kind: EntryKind<Spec>,
): ResourceKind<Spec, EntrySet> {
  return {
    name: kind.name,
    noun: kind.noun,
    after: kind.after,
    ...(kind.derived !== undefined && { derived: kind.derived }),
    ...(kind.carries && { carries: kind.carries }),
    reads: ['links', kind.part],
    dependsOn: ({ spec }) => [
      { on: spec.device.id, because: `it is on ${spec.device.name}` },
      ...(kind.needs?.(spec) ?? []),
    ],
    read(inventory, scope) {
      const found = scope.wanted.flatMap(({ id, spec }): readonly Found<EntrySet>[] => {
        const holder = kind.holder?.(inventory, spec, scope.topology);
        if (holder !== undefined) return [{ is: 'foreign', id, holder }];
        const isThere =
          kind.isThere?.(inventory, spec) ??
          ownDevice(inventory, scope.topology, spec.device.name) !== undefined;
        if (!isThere) return [];
        const entries = kind.found(inventory, spec);
        const nothing = Object.keys(entries).length === 0 && Object.keys(kind.wanted(spec)).length > 0;
        return nothing ? [] : [{ is: 'ours', id, state: { device: spec.device, entries } }];
      });
      return unread(inventory, ['links', kind.part], scope) ?? found;
    },
    diff: (want, have) => differences(kind.wanted(want), have.entries),
    without: (have, want, gone: ReadonlySet<ResourceId>) =>
      gone.has(want.spec.device.id) ? undefined : have,
    ...(kind.claim && claiming(kind, kind.claim)),
    steps(change) {
      if (change.verb === 'delete') return removals(kind, change.have, {});
      const { spec } = change.want;
      const wanted = kind.wanted(spec);
      const extra = change.verb === 'create' ? [] : removals(kind, change.have, wanted);
      return [...extra, ...(Object.keys(wanted).length === 0 ? [] : [kind.write(spec)])];
    },
  };
}

function claiming<Spec extends { readonly device: DeviceRef }>(
  kind: EntryKind<Spec>,
  claim: (name: string) => Claim,
): Required<Pick<ResourceKind<Spec, EntrySet>, 'claims' | 'holds' | 'letGo'>> {
  return {
    claims: ({ spec }) => Object.keys(kind.wanted(spec)).map(claim),
    holds: have => Object.keys(have.entries).map(claim),
    letGo(want, have) {
      const wanted = kind.wanted(want.spec);
      const entries = Object.fromEntries(Object.entries(have.entries).filter(([name]) => name in wanted));
      return { steps: removals(kind, have, wanted), left: { ...have, entries } };
    },
  };
}

function removals<Spec>(
  kind: EntryKind<Spec>,
  have: EntrySet,
  wanted: Readonly<Record<string, string>>,
): readonly Step[] {
  const names = Object.keys(have.entries).filter(name => !(name in wanted));
  return names.length === 0 ? [] : [kind.remove(have.device.name, names)];
}

function differences(
  wanted: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): readonly Difference[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort();
  return names.flatMap(name => {
    const [want, have] = [wanted[name], found[name]];
    return want === have ? [] : [{ field: name, have: have ?? 'missing', want: want ?? 'absent' }];
  });
}
