import type { ResourceId } from '../core/index.js';
import { placeTap } from '../tools/index.js';
import { wireEnd } from './plug.js';
import { wireKind, type WireSpec } from './wire.js';

/** The end of a wire of which a process holds the other one; one plug. */
export interface TapSpec extends WireSpec {
  /** What holds the other end, and the name under which it makes the tap on the host. */
  readonly process: { readonly id: ResourceId; readonly device: string };
}

/** It is there as long as its process is: made by it, and only brought to where it belongs. */
export const tap = wireKind<TapSpec>({
  name: 'tap',
  noun: 'tap',
  device: 'tun',
  after: ['vde_plug', 'vpp_tap'],
  needs: ({ process }) => [{ on: process.id, because: 'that is its other end' }],
  add: ({ plugs, process, topology }) => placeTap(process.device, wireEnd(plugs[0]!), topology),
});
