import type { ResourceId } from '../core/index.js';
import { removeVlans, setVlans, vlanRanges } from '../tools/index.js';
import type { DeviceRef } from './device.js';
import { entryKind } from './entries.js';

/** The VLANs of a port of a bridge of ours, a host's own device among them. */
export interface VlanSpec {
  readonly device: DeviceRef;
  readonly bridge: { readonly id: ResourceId; readonly device: string };
  /** That of frames without a tag; absent: they are dropped. */
  readonly untagged?: number;
  /** Those of frames with one, in ascending order. */
  readonly tagged: readonly number[];
}

/** A port that leaves its bridge loses them; one that comes to a bridge is in VLAN 1 by itself, until it is told (seen by nobody: that lasts as long as a command). */
export const vlan = entryKind<VlanSpec>({
  name: 'vlan',
  noun: 'VLANs',
  after: ['bridge', 'enslave', 'tap', 'tunnel', 'veth'],
  part: 'vlans',
  needs: ({ bridge }) => [{ on: bridge.id, because: `it is a port of ${bridge.device}` }],
  isThere: (inventory, { device, bridge }) =>
    inventory.links.some(l => l.name === device.name && l.master === bridge.device),
  wanted: spec => named(spec.tagged, spec.untagged),
  found: (inventory, { device }) => {
    const own = inventory.vlans.filter(v => v.dev === device.name);
    const untagged = own.find(v => v.pvid && v.untagged)?.id;
    return named(
      own.filter(v => v.id !== untagged).map(v => v.id),
      untagged,
    );
  },
  write: ({ device, tagged, untagged }) => setVlans(device.name, tagged, untagged),
  remove: removeVlans,
});

function named(tagged: readonly number[], untagged: number | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...(untagged === undefined ? [] : [[`${untagged}`, 'untagged']]),
    ...vlanRanges(tagged).map(range => [range, 'tagged']),
  ]) as Record<string, string>;
}
