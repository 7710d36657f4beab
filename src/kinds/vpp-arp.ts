import { deleteDomainArp, setDomainArp } from '../tools/index.js';
import { vppEntryKind, type VppEntriesSpec } from './vpp-entries.js';

/** The addresses that a bridge domain answers ARP and neighbour solicitations for. */
export interface VppArpSpec extends VppEntriesSpec {
  readonly entries: readonly { readonly address: string; readonly mac: string }[];
}

/** All that are there are ours: VPP learns none by itself. */
export const vppArp = vppEntryKind<VppArpSpec>({
  name: 'vpp_arp',
  noun: 'ARP entries',
  after: ['vpp_domain'],
  wanted: ({ entries }) => Object.fromEntries(entries.map(e => [e.address, e.mac])),
  found: (_, { arp }) => Object.fromEntries(arp.map(e => [e.address, e.mac])),
  set: setDomainArp,
  remove: deleteDomainArp,
});
