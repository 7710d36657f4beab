import { spellAddress } from '../core/index.js';
import { removeAddresses, setAddresses } from '../tools/index.js';
import type { DeviceRef } from './device.js';
import { entryKind } from './entries.js';

/** The addresses of a device of ours, each with its length. */
export interface AddressSpec {
  readonly device: DeviceRef;
  readonly addresses: readonly string[];
}

/** All addresses but link-local ones, which the inventory leaves out. */
export const address = entryKind<AddressSpec>({
  name: 'address',
  noun: 'addresses',
  after: ['bridge', 'vxlan'],
  part: 'links',
  wanted: spec => present(spec.addresses),
  found: (inventory, { device }) =>
    present(inventory.links.find(link => link.name === device.name)?.addresses ?? []),
  write: spec => setAddresses(spec.device.name, spec.addresses),
  remove: removeAddresses,
});

function present(addresses: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(addresses.map(a => [spellAddress(a), 'present']));
}
