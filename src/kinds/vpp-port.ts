import {
  subnetClaim,
  type Claim,
  type Difference,
  type ResourceId,
  type VppInterface,
} from '../core/index.js';
import {
  addVppAddress,
  deleteVppAddress,
  joinDomain,
  leaveDomain,
  setVppMtu,
  setVppState,
  setVppTag,
  type VppCommand,
} from '../tools/index.js';
import { changed } from './fields.js';

/** How an interface of VPP is to be set, whatever made it. */
export interface VppPort {
  /** The tag that it bears. */
  readonly tag: string;
  /** The domain that it is a port of. */
  readonly domain: { readonly id: ResourceId; readonly number: number };
  /** Its split-horizon group, 0 for none. */
  readonly group: number;
  readonly bvi: boolean;
  readonly up: boolean;
  /** With lengths. */
  readonly addresses: readonly string[];
  /** Bytes of a packet that VPP itself sends by it; absent: VPP's own 9000. */
  readonly mtu?: number;
}

/** What of an interface is not as wanted and can be changed in place. */
export function portDifferences(want: VppPort, have: VppInterface): readonly Difference[] {
  return [
    ...changed('tag', have.tag, want.tag),
    ...changed('bridge domain', membershipOf(have), wantedMembership(want)),
    ...addressesOf(have.addresses, want.addresses),
    ...(want.mtu === undefined ? [] : changed('mtu', have.mtu, want.mtu)),
    ...changed('state', stateOf(have.up), stateOf(want.up)),
  ];
}

/** What only another interface mends: what was a BVI once is left out of floods as a normal port, whatever is done to it (seen). */
export function portSpoilt(want: VppPort, have: VppInterface): readonly Difference[] {
  const isSpoilt = have.unflooded === true || have.bvi;
  return !want.bvi && isSpoilt ? changed('gets what is flooded', 'no', 'yes') : [];
}

/** Sets all of an interface that was just made: the tag first, for it is what tells it from a foreign one if the run ends here. */
export function dressPort(name: string, want: VppPort): readonly VppCommand[] {
  return [
    setVppTag(name, want.tag),
    ...(want.mtu === undefined ? [] : [setVppMtu(name, want.mtu)]),
    joinDomain(name, { ...want, domain: want.domain.number }),
    ...want.addresses.map(address => addVppAddress(name, address)),
    // What is taken as an interface has its device up, and VPP itself has it down: only a change tells the device.
    setVppState(name, true),
    ...(want.up ? [] : [setVppState(name, false)]),
  ];
}

/** Makes an interface that is there as it is wanted, touching nothing that is as wanted. */
export function redressPort(want: VppPort, have: VppInterface): readonly VppCommand[] {
  const { name } = have;
  const moves = membershipOf(have) !== wantedMembership(want);
  const leaves = moves && (have.domain !== undefined || have.bound !== undefined);
  const wanted = new Set(want.addresses);
  return [
    ...(have.tag === want.tag ? [] : [setVppTag(name, want.tag)]),
    ...(want.mtu === undefined || want.mtu === have.mtu ? [] : [setVppMtu(name, want.mtu)]),
    ...(leaves ? [leaveDomain(name)] : []),
    ...(moves ? [joinDomain(name, { ...want, domain: want.domain.number })] : []),
    ...have.addresses.filter(a => !wanted.has(a)).map(a => deleteVppAddress(name, a)),
    ...want.addresses.filter(a => !have.addresses.includes(a)).map(a => addVppAddress(name, a)),
    ...(have.up === want.up ? [] : [setVppState(name, want.up)]),
  ];
}

/** What is left of an interface when its domain is made anew: the domain lets go of its members before. */
export function withoutDomain(have: VppInterface): VppInterface {
  const { domain: _, ...rest } = have;
  return { ...rest, group: 0, bvi: false };
}

/** What a port is to have that no other one of its VPP can have: a subnet, and being the BVI of its domain. */
export function portClaims({ addresses, domain, bvi }: VppPort): readonly Claim[] {
  return claimsTo(addresses, bvi ? domain.number : undefined);
}

/** The same of what is there. */
export function portHolds({ addresses, domain, bvi }: VppInterface): readonly Claim[] {
  return claimsTo(addresses, bvi ? domain : undefined);
}

function claimsTo(addresses: readonly string[], domain: number | undefined): readonly Claim[] {
  return [
    ...addresses.map(address => subnetClaim(address, 'VPP')),
    ...(domain === undefined ? [] : [`BVI of bridge domain ${domain}`]),
  ];
}

/** Gives up what others may be to have; `left` is what is there then. */
export function yieldPort(
  want: VppPort,
  have: VppInterface,
): { readonly commands: readonly VppCommand[]; readonly left: VppInterface } {
  const leaves = have.bvi && membershipOf(have) !== wantedMembership(want);
  const given = have.addresses.filter(a => !want.addresses.includes(a));
  const addresses = have.addresses.filter(a => !given.includes(a));
  return {
    commands: [
      ...(leaves ? [leaveDomain(have.name)] : []),
      ...given.map(a => deleteVppAddress(have.name, a)),
    ],
    left: { ...(leaves ? withoutDomain(have) : have), addresses },
  };
}

/** `10`, `10, group 1`, `10 as BVI`, `none`. */
function membershipOf({ domain, group, bvi, bound }: VppInterface): string {
  return domain === undefined ? (bound ?? 'none') : membership(domain, group, bvi);
}

function wantedMembership({ domain, group, bvi }: VppPort): string {
  return membership(domain.number, group, bvi);
}

function membership(domain: number, group: number, bvi: boolean): string {
  return `${domain}${group === 0 ? '' : `, group ${group}`}${bvi ? ' as BVI' : ''}`;
}

function stateOf(up: boolean): string {
  return up ? 'up' : 'down';
}

function addressesOf(have: readonly string[], want: readonly string[]): readonly Difference[] {
  const all = [...new Set([...have, ...want])].sort();
  return all.flatMap(address =>
    changed(
      `address ${address}`,
      have.includes(address) ? 'present' : 'missing',
      want.includes(address) ? 'present' : have.includes(address) ? 'absent' : 'missing',
    ),
  );
}
