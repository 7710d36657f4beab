import type {
  Dependency,
  Difference,
  Found,
  ResourceId,
  ResourceKind,
  VppDomain,
  VppState,
} from '../core/index.js';
import { tellVpp, type VppCommand, type Vppctl } from '../tools/index.js';
import { changed } from './fields.js';
import { unread } from './unread.js';
import { isMarked } from './vpp-interface.js';

/** Entries of one sort in a bridge domain of ours. */
export interface VppEntriesSpec {
  readonly vppctl: Vppctl;
  readonly domain: { readonly id: ResourceId; readonly number: number };
}

/** By what names each of them, what it says. */
export type VppEntries = Readonly<Record<string, string>>;

export interface VppEntriesState {
  readonly vppctl: Vppctl;
  readonly domain: number;
  readonly entries: VppEntries;
}

/** What a kind of entries has to say; the rest is the same for all of them. */
export interface VppEntryKind<Spec extends VppEntriesSpec> {
  readonly name: string;
  readonly noun: string;
  readonly after: readonly string[];
  needs?(spec: Spec): readonly Dependency[];
  wanted(spec: Spec): VppEntries;
  found(vpp: VppState, domain: VppDomain): VppEntries;
  /** What remains of the entries when these resources are made anew. */
  left?(entries: VppEntries, spec: Spec, gone: ReadonlySet<ResourceId>): VppEntries;
  set(domain: number, name: string, value: string): VppCommand;
  remove(domain: number, name: string, value: string): VppCommand;
}

/** A kind of resource that is a set of entries in a bridge domain: they go with it, so there are no strays; a domain has its sets stated, empty ones too. */
export function vppEntryKind<Spec extends VppEntriesSpec>(
  kind: VppEntryKind<Spec>,
): ResourceKind<Spec, VppEntriesState> {
  return {
    name: kind.name,
    noun: kind.noun,
    carries: 'switch',
    after: kind.after,
    reads: ['vpp'],
    dependsOn: ({ spec }) => [
      { on: spec.domain.id, because: `it is in bridge domain ${spec.domain.number}` },
      ...(kind.needs?.(spec) ?? []),
    ],
    read(inventory, scope) {
      const missing = unread(inventory, ['vpp'], scope);
      if (missing) return missing;
      const { vpp } = inventory;
      return scope.wanted.flatMap(({ id, spec }): readonly Found<VppEntriesState>[] => {
        const domain = vpp?.domains.find(d => d.id === spec.domain.number && isMarked(d, scope.topology));
        const entries = vpp && domain ? kind.found(vpp, domain) : {};
        // A set that is to be empty, and is, is there.
        if (isEmpty(entries) && !isEmpty(kind.wanted(spec))) return [];
        const { vppctl, domain: on } = spec;
        return [{ is: 'ours', id, state: { vppctl, domain: on.number, entries } }];
      });
    },
    diff: (want, { entries }) => differences(kind.wanted(want), entries),
    without(have, { spec }, gone) {
      if (gone.has(spec.domain.id)) return undefined;
      return kind.left ? { ...have, entries: kind.left(have.entries, spec, gone) } : have;
    },
    steps(change) {
      const have = change.verb === 'create' ? {} : change.have.entries;
      const { vppctl, number, wanted } =
        change.verb === 'delete'
          ? { vppctl: change.have.vppctl, number: change.have.domain, wanted: {} }
          : {
              ...change.want.spec,
              number: change.want.spec.domain.number,
              wanted: kind.wanted(change.want.spec),
            };
      const commands = [
        ...Object.entries(wanted).flatMap(([name, value]) =>
          have[name] === value ? [] : [kind.set(number, name, value)],
        ),
        ...Object.entries(have).flatMap(([name, value]) =>
          name in wanted ? [] : [kind.remove(number, name, value)],
        ),
      ];
      if (commands.length === 0) return [];
      return [tellVpp(vppctl, commands, `${kind.noun} of bridge domain ${number}`)];
    },
  };
}

function isEmpty(entries: VppEntries): boolean {
  return Object.keys(entries).length === 0;
}

function differences(wanted: VppEntries, found: VppEntries): readonly Difference[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort();
  return names.flatMap(name =>
    wanted[name] === found[name] ? [] : changed(name, found[name] ?? 'missing', wanted[name] ?? 'absent'),
  );
}
