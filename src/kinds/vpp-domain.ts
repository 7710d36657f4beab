import type {
  Difference,
  Found,
  ResourceKind,
  Step,
  VppDomain,
  VppInterface,
  VppState,
} from '../core/index.js';
import {
  createDomain,
  deleteDomain,
  deleteFibEntry,
  emptyDomain,
  isVppWord,
  keepAddresses,
  leaveDomain,
  setDomain,
  tellVpp,
  type VppCommand,
  type Vppctl,
} from '../tools/index.js';
import { changed } from './fields.js';
import { idsOfMarks } from './recorded.js';
import { unread } from './unread.js';
import { isMarked, taggedText } from './vpp-interface.js';

/** A bridge domain: what a switch is in a host's VPP. */
export interface VppDomainSpec {
  readonly vppctl: Vppctl;
  /** 1 to 16777215. */
  readonly number: number;
  readonly tag: string;
  readonly learn: boolean;
  readonly arpTerm: boolean;
  /** The names of all interfaces that are to be ports of it, sorted. */
  readonly ports: readonly string[];
}

export interface VppDomainState {
  readonly vppctl: Vppctl;
  readonly domain: VppDomain;
  /** Its ports that do not bear a tag of this topology. */
  readonly unmarked: readonly Pick<VppInterface, 'name' | 'made'>[];
  /** The MACs of its static entries. */
  readonly entries: readonly string[];
}

/** Owned by its tag, which it gets when it is made and never after. */
export const vppDomain: ResourceKind<VppDomainSpec, VppDomainState> = {
  name: 'vpp_domain',
  noun: 'bridge domain',
  carries: 'switch',
  heldBy: 'VPP',
  after: [],
  reads: ['vpp'],
  dependsOn: () => [],
  read(inventory, scope) {
    const missing = unread(inventory, ['vpp'], scope);
    if (missing || !inventory.vpp) return missing ?? [];
    const { vpp } = inventory;
    const { topology, wanted } = scope;
    const stateOf = (domain: VppDomain): VppDomainState => {
      const members = membersOf(vpp, domain.id);
      const unmarked = members.filter(m => !isMarked(m, topology));
      const entries = vpp.fib.filter(e => e.domain === domain.index).map(e => e.mac);
      return { vppctl: vpp.called, domain, unmarked, entries };
    };
    const numbers = new Set(wanted.map(w => w.spec.number));
    const idOf = idsOfMarks(inventory, scope, 'vpp_domain');
    const strays = vpp.domains.filter(d => isMarked(d, topology) && !numbers.has(d.id));
    return [
      ...wanted.flatMap(({ id, spec }): readonly Found<VppDomainState>[] => {
        const domain = vpp.domains.find(d => d.id === spec.number);
        if (!domain) return [];
        if (isMarked(domain, topology) || isLeftDomain(vpp, domain, topology))
          return [{ is: 'ours', id, state: stateOf(domain) }];
        return [{ is: 'foreign', id, holder: taggedText(`bridge domain ${domain.id}`, domain) }];
      }),
      ...strays.map((domain): Found<VppDomainState> => {
        return { is: 'ours', id: idOf(domain.tag!), state: stateOf(domain) };
      }),
    ];
  },
  diff: (want, { domain, unmarked }) => [
    ...changed('tag', domain.tag, want.tag).map(d => ({ ...d, replace: true as const })),
    ...settings(want, domain).flatMap(s => s.difference),
    ...strangers(want, unmarked).flatMap(name => changed(`port ${name}`, 'present', 'absent')),
  ],
  steps(change) {
    switch (change.verb) {
      case 'create':
        return [create(change.want.spec)];
      case 'update': {
        const { spec } = change.want;
        const { domain, unmarked } = change.have;
        const commands = [
          ...settings(spec, domain).flatMap(s => (s.difference.length === 0 ? [] : s.commands)),
          ...strangers(spec, unmarked).filter(isVppWord).map(leaveDomain),
        ];
        return [tellVpp(spec.vppctl, commands, `set bridge domain ${spec.number}`)];
      }
      case 'replace':
        return [...remove(change.have), create(change.want.spec)];
      case 'delete':
        return remove(change.have);
    }
  },
};

/** One of ours that lost its tag is told by its name: it gets the tag back. */
function strangers({ ports }: VppDomainSpec, unmarked: VppDomainState['unmarked']): readonly string[] {
  return unmarked.flatMap(({ name, made = name }) => (ports.includes(made) ? [] : [name]));
}

/** What a port is put into that is not there is made without a tag: it is ours where nothing else is in it. */
export function isLeftDomain(vpp: VppState, { id, tag }: VppDomain, topology: string): boolean {
  const members = membersOf(vpp, id);
  return tag === undefined && members.length > 0 && members.every(m => isMarked(m, topology));
}

function membersOf(vpp: VppState, id: number): VppState['interfaces'] {
  return vpp.interfaces.filter(i => i.domain === id);
}

/** What can be set in place: what differs of it, and what sets it. */
function settings(
  want: VppDomainSpec,
  have: VppDomain,
): readonly { readonly difference: readonly Difference[]; readonly commands: readonly VppCommand[] }[] {
  const { number, learn, arpTerm } = want;
  const onOff = (on: boolean): string => (on ? 'on' : 'off');
  const flag = (word: Parameters<typeof setDomain>[1], is: boolean, due: boolean) => ({
    difference: changed(word, onOff(is), onOff(due)),
    commands: [setDomain(number, word, due)],
  });
  const { unknownUnicast: unknown } = have;
  const isFlooded = unknown === 'flood' || unknown === 'drop';
  return [
    flag('learn', have.learn, learn),
    flag('forward', have.forward, true),
    flag('flood', have.flood, true),
    // One port can have all that is for unknown destinations, until it leaves.
    isFlooded
      ? flag('uu-flood', unknown === 'flood', true)
      : { difference: changed('uu-flood', `to ${unknown} alone`, 'on'), commands: [leaveDomain(unknown)] },
    flag('arp term', have.arpTerm, arpTerm),
    { difference: changed('mac-age', have.age, 0), commands: [keepAddresses(number)] },
  ];
}

function create({ vppctl, number, tag, ...flags }: VppDomainSpec): Step {
  return tellVpp(vppctl, [createDomain(number, flags, tag)], `make bridge domain ${number}`);
}

/** It goes only without ports, also those that are to go elsewhere, or are nobody's. Its entries outlive it: the next domain of its index had them (seen). */
function remove({ vppctl, domain: { id }, entries }: VppDomainState): readonly Step[] {
  const commands = [...entries.map(mac => deleteFibEntry(id, mac)), deleteDomain(id)];
  return [emptyDomain(vppctl, id), tellVpp(vppctl, commands, `remove bridge domain ${id}`)];
}
