import { removeFdb, setFdb } from '../tools/index.js';
import type { DeviceRef } from './device.js';
import { entryKind } from './entries.js';

/** The static forwarding entries of a VXLAN device: which MAC is behind which peer's underlay address. */
export interface FdbSpec {
  readonly device: DeviceRef;
  readonly entries: readonly { readonly mac: string; readonly dst: string }[];
}

/** Static and permanent entries with a destination; what the device learned by itself is not looked at. */
export const fdb = entryKind<FdbSpec>({
  name: 'fdb',
  noun: 'FDB entries',
  after: ['vxlan'],
  part: 'fdb',
  wanted: spec => present(spec.entries),
  found: (inventory, spec) =>
    present(
      inventory.fdb.flatMap(e =>
        e.dev === spec.device.name && e.dst && e.state !== '' ? [{ mac: e.mac, dst: e.dst }] : [],
      ),
    ),
  write: spec => setFdb(spec.device.name, spec.entries),
  remove: (device, names) => removeFdb(device, names.map(parse)),
});

function present(entries: FdbSpec['entries']): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(e => [`${e.mac} dst ${e.dst}`, 'present']));
}

function parse(name: string): { mac: string; dst: string } {
  const [mac, dst] = name.split(' dst ');
  return { mac: mac!, dst: dst! };
}
