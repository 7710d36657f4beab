import { addMacvlan } from '../tools/index.js';
import { portClaim, wireEnd } from './plug.js';
import { wireKind, type WireSpec } from './wire.js';

/** A device of a container on the wire of a device of the host, which stays as it is. */
export interface MacvlanSpec extends WireSpec {
  /** The host's device. */
  readonly parent: string;
}

export const macvlan = wireKind<MacvlanSpec>({
  name: 'macvlan',
  noun: 'macvlan',
  device: 'macvlan',
  claims: ({ parent }) => [portClaim(parent)],
  add: spec => addMacvlan(wireEnd(spec.plugs[0]!), spec.parent, spec.topology),
});
