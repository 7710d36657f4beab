import type { ResourceId } from '../core/index.js';
import { deleteFibEntry, setFibEntry } from '../tools/index.js';
import { vppEntryKind, type VppEntriesSpec } from './vpp-entries.js';

/** The static entries of a bridge domain: which MAC is behind which of its ports. */
export interface VppFibSpec extends VppEntriesSpec {
  readonly entries: readonly {
    readonly mac: string;
    /** The port, and its resource. */
    readonly port: string;
    readonly id: ResourceId;
  }[];
}

/** They go with their port. */
export const vppFib = vppEntryKind<VppFibSpec>({
  name: 'vpp_fib',
  noun: 'L2 FIB entries',
  after: [
    'vpp_domain',
    'vpp_host_interface',
    'vpp_memif',
    'vpp_tap',
    'vpp_vhost_user',
    'vpp_tunnel',
    'vpp_uplink',
  ],
  needs: ({ entries }) =>
    [...new Map(entries.map(e => [e.id, e.port]))].map(([on, port]) => ({
      on,
      because: `it leads to ${port}`,
    })),
  wanted: ({ entries }) => Object.fromEntries(entries.map(e => [e.mac, e.port])),
  found({ fib, interfaces }, { index }) {
    const names = new Map(interfaces.map(i => [i.index, i.made ?? i.name]));
    const own = fib.filter(e => e.domain === index);
    return Object.fromEntries(own.map(e => [e.mac, names.get(e.interface) ?? `${e.interface}`]));
  },
  left(entries, spec, gone) {
    const lost = new Set(spec.entries.filter(e => gone.has(e.id)).map(e => e.port));
    return Object.fromEntries(Object.entries(entries).filter(([, port]) => !lost.has(port)));
  },
  set: (domain, mac, port) => setFibEntry(domain, mac, port),
  remove: (domain, mac) => deleteFibEntry(domain, mac),
});
