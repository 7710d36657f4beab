import type { FdbEntry } from '../core/index.js';
import { FLOOD_MAC, removeFdb, setFdb, type FdbLine } from '../tools/index.js';
import type { DeviceRef } from './device.js';
import { entryKind, type EntryKind } from './entries.js';

/** The static forwarding entries of a VXLAN device: which MAC is behind which peer's underlay address. */
export interface FdbSpec {
  readonly device: DeviceRef;
  readonly entries: readonly { readonly mac: string; readonly dst: string }[];
  /** MACs that the bridge it is a port of finds through it, whoever speaks first. */
  readonly behind?: readonly string[];
  /** Where two have entries on one device: the all-zero ones are this one's, or all others. */
  readonly only?: 'flood' | 'others';
}

/** Static and permanent entries with a destination, and static ones of its bridge; what was learned is not looked at. */
export const fdb = entryKind<FdbSpec>({
  ...parts(),
  name: 'fdb',
  noun: 'FDB entries',
  after: ['vxlan'],
  carries: 'trunk',
});

/** The same for the containers of a stretched network, whose MACs are their engine's to give. */
export const containerFdb = entryKind<FdbSpec>({
  ...parts(),
  name: 'container_fdb',
  noun: 'container FDB entries',
  after: ['container', 'holder', 'vxlan'],
  derived: 'their MACs are known',
});

function parts(): Omit<EntryKind<FdbSpec>, 'name' | 'noun' | 'after'> {
  return {
    part: 'fdb',
    wanted: spec => present(linesOf(spec)),
    found: (inventory, { device, only }) =>
      present(
        inventory.fdb
          .flatMap(e => (e.dev === device.name ? foundLine(e) : []))
          .filter(({ mac }) => only === undefined || (only === 'flood') === (mac === FLOOD_MAC)),
      ),
    write: spec => setFdb(spec.device.name, linesOf(spec)),
    remove: (device, names) => removeFdb(device, names.map(parse)),
  };
}

function linesOf({ entries, behind = [] }: FdbSpec): readonly FdbLine[] {
  return [...entries, ...behind.map(mac => ({ mac }))];
}

/** The bridge's entry of the device's own MAC is permanent. */
function foundLine({ mac, dst, master, state }: FdbEntry): readonly FdbLine[] {
  if (dst !== undefined) return state === '' ? [] : [{ mac, dst }];
  return master !== undefined && state === 'static' ? [{ mac }] : [];
}

function present(lines: readonly FdbLine[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.map(e => [e.dst === undefined ? e.mac : `${e.mac} dst ${e.dst}`, 'present']),
  );
}

function parse(name: string): FdbLine {
  const [mac = '', dst] = name.split(' dst ');
  return { mac, ...(dst !== undefined && { dst }) };
}
