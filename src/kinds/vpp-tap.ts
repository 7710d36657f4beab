import type { Inventory } from '../core/index.js';
import { createVppTap, deleteVppTap } from '../tools/index.js';
import { changed } from './fields.js';
import { isOurs } from './device.js';
import { plugAt, unseenIn, type PlugAt } from './plug-read.js';
import { vppInterfaceKind, type VppInterfaceSpec } from './vpp-interface.js';

/** VPP's end of a tap. */
export interface VppTapSpec extends VppInterfaceSpec {
  readonly number: number;
  readonly mac: string;
  /** The tap on the host, until it is brought to where it belongs. */
  readonly device: string;
  /** Where that is. */
  readonly end: PlugAt;
}

/** It outlives its tap, which goes with the namespace of a container, without a word; of itself nothing but another tap mends that. */
export const vppTap = vppInterfaceKind<VppTapSpec, { readonly isLost: boolean }>({
  name: 'vpp_tap',
  noun: 'tap of VPP',
  after: ['container', 'holder', 'vpp_domain'],
  names: /^tap\d+$/,
  reads: ['containers', 'links', 'namespaces'],
  needs: ({ end: { place } }) =>
    place.is === 'container' ? [{ on: place.id, because: 'its tap is in the container' }] : [],
  more: (_, __, inventory, spec) => ({ isLost: spec !== undefined && isLost(inventory, spec) }),
  bereft: () => ({ isLost: true }),
  isOwn: ({ mac }, found) => found.mac === mac,
  // Numbers are few, and go from one to another: by its number alone a tap would be taken for that at another end.
  fixed: ({ mac }, found, { isLost }) => [
    ...(isLost ? changed('tap', 'gone', 'there') : []),
    ...changed('mac', found.mac, mac),
  ],
  create: ({ number, mac, device }) => [createVppTap(number, mac, device)],
  remove: ({ name }) => [deleteVppTap(name)],
});

/** A device of ours at its end is its tap: no other program of ours makes one there, and a tap goes with who holds it. */
function isLost(inventory: Inventory, { topology, device, end }: VppTapSpec): boolean {
  if (unseenIn(inventory, end) !== undefined || inventory.links.some(l => l.name === device)) return false;
  const found = plugAt(inventory, end);
  return found === undefined || !isOurs(found.link, topology) || found.link.kind !== 'tun';
}
