import {
  contains,
  familyOf,
  formatAddress,
  ownAddresses,
  parseAddress,
  parseInterface,
  parsePrefix,
  withoutLength,
} from '../core/index.js';
import type { Address, Family, PortedSwitch, Prefix, SwitchDeclaration, Topology } from '../core/index.js';
import { allot } from './allot.js';
import { plugName, type Container, type End, type Wire } from './plugs.js';
import { usable } from './pool.js';

type ServiceEnd = Extract<End, { is: 'service' }>;

/** The addresses of plugs, and those for which none was left. */
export interface PlugAddresses {
  /** With lengths, by the name of the plug. */
  readonly of: ReadonlyMap<string, readonly string[]>;
  readonly full: readonly { readonly end: ServiceEnd; readonly on: string; readonly family: Family }[];
}

/**
 * The addresses of every plug in a container: those of the file, and on a switch with subnets one of each for what says nothing,
 * by the hash of its name. What the file gives to anybody on the switch is not given again.
 */
export function plugAddresses(topology: Topology, wires: readonly Wire[]): PlugAddresses {
  const of = new Map<string, readonly string[]>();
  const full: { end: ServiceEnd; on: string; family: Family }[] = [];
  for (const { end, on } of wires.flatMap(servicePlugs)) {
    const subnets = on === undefined ? [] : subnetsOf(topology, on);
    if (end.plug.ip !== undefined) of.set(nameOf(end), given(end, subnets));
    else if (subnets.length === 0) of.set(nameOf(end), []);
  }
  for (const [name, declared] of Object.entries(topology.switches)) {
    if (declared.kind === 'vxlan') continue;
    const asking = wires
      .flatMap(servicePlugs)
      .filter(p => p.on === name && p.end.plug.ip === undefined)
      .map(p => p.end);
    const taken = [...takenOn(name, declared, wires, of)];
    for (const subnet of subnetsOf(topology, name)) {
      const range = rangeOf(declared, subnet);
      const pool = usable(range, subnet);
      const reserved = taken
        .filter(a => a.family === subnet.family && contains(range, a))
        .map(a => a.value - pool.first);
      const found = allot(asking.map(nameOf), pool.size, new Set(reserved));
      for (const end of asking) {
        const n = found.get(nameOf(end));
        if (n === undefined) full.push({ end, on: name, family: subnet.family });
        else of.set(nameOf(end), [...(of.get(nameOf(end)) ?? []), withLength(subnet, pool.first + n)]);
      }
    }
  }
  return { of, full };
}

/** The ends of a wire that are in containers, and the switch at the other end. */
function servicePlugs({ ends: [a, b] }: Wire): readonly { end: ServiceEnd; on: string | undefined }[] {
  const one = (end: End, other: End): readonly { end: ServiceEnd; on: string | undefined }[] =>
    end.is === 'service' ? [{ end, on: other.is === 'switch' ? other.name : undefined }] : [];
  return [...one(a, b), ...one(b, a)];
}

function nameOf({ at, device }: { readonly at: Container; readonly device: string }): string {
  return plugName(at, device);
}

function subnetsOf({ switches }: Topology, name: string): readonly Prefix[] {
  const declared = switches[name];
  if (!declared || declared.kind === 'vxlan') return [];
  return declared.subnets.flatMap(text => parsePrefix(text) ?? []).sort((a, b) => a.family - b.family);
}

function given({ plug }: ServiceEnd, subnets: readonly Prefix[]): readonly string[] {
  const list = plug.ip === undefined || plug.ip === 'none' ? [] : plug.ip;
  return list.map(text => whole(text, subnets));
}

/** An address with its length: its own, else that of the subnet of its family, else of one address. */
export function whole(text: string, subnets: readonly Prefix[]): string {
  const own = parseInterface(text);
  if (own) return `${formatAddress(own.address)}/${own.length}`;
  const address = parseAddress(text)!;
  const subnet = subnets.find(s => s.family === address.family);
  return `${formatAddress(address)}/${subnet?.length ?? (address.family === 4 ? 32 : 128)}`;
}

function takenOn(
  name: string,
  declared: Exclude<SwitchDeclaration, { kind: 'vxlan' }>,
  wires: readonly Wire[],
  of: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<Address> {
  const plugs = wires.flatMap(servicePlugs).filter(p => p.on === name);
  const texts = [
    ...declared.gateways,
    ...ownAddresses(name, declared).map(own => own.address),
    ...plugs.flatMap(({ end }) => [...(of.get(nameOf(end)) ?? []), ...end.plug.gateways]),
  ];
  return new Set(texts.flatMap(text => parseAddress(withoutLength(text)) ?? []));
}

function rangeOf({ ranges }: PortedSwitch, subnet: Prefix): Prefix {
  const range = ranges.find(text => familyOf(text) === subnet.family);
  return (range === undefined ? undefined : parsePrefix(range)) ?? subnet;
}

function withLength({ family, length }: Prefix, value: bigint): string {
  return `${formatAddress({ family, value })}/${length}`;
}
