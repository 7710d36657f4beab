import { removeNeighbours, setNeighbours } from '../tools/index.js';
import type { DeviceRef } from './device.js';
import { entryKind, type EntryKind } from './entries.js';

/** The permanent neighbours on a device of ours, a bridge of a segment among them: which MAC has which address. */
export interface NeighbourSpec {
  readonly device: DeviceRef;
  readonly entries: readonly { readonly address: string; readonly mac: string }[];
}

/** Permanent entries only; what was resolved is not looked at. */
export const neighbour = entryKind<NeighbourSpec>({
  ...parts(),
  name: 'neighbour',
  noun: 'neighbour entries',
  after: ['bridge', 'vxlan'],
});

/** The same on a stretched segment, where containers have addresses of their engine's. */
export const containerNeighbour = entryKind<NeighbourSpec>({
  ...parts(),
  name: 'container_neighbour',
  noun: 'container neighbour entries',
  after: ['bridge', 'container', 'gateway', 'holder', 'network'],
  derived: 'their addresses are known',
});

function parts(): Omit<EntryKind<NeighbourSpec>, 'name' | 'noun' | 'after'> {
  return {
    part: 'neighbours',
    wanted: spec => byAddress(spec.entries),
    found: (inventory, { device }) =>
      byAddress(
        inventory.neighbours.flatMap(n =>
          n.dev === device.name && n.permanent ? [{ address: n.address, mac: n.mac ?? 'no MAC' }] : [],
        ),
      ),
    write: spec => setNeighbours(spec.device.name, spec.entries),
    remove: removeNeighbours,
  };
}

function byAddress(entries: NeighbourSpec['entries']): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(e => [e.address, e.mac]));
}
