import { familyOf, formatAddress, parseAddress, parsePrefix, withoutLength } from '../core/index.js';
import type {
  Diagnostic,
  Family,
  Locate,
  Prefix,
  ResolvedVxlan,
  StackDeclaration,
  Topology,
  VxlanDeclaration,
  VxlanMember,
} from '../core/index.js';
import { allot } from './allot.js';
import { usable } from './pool.js';

/** Every vxlan switch with its VNI and overlay addresses for each of its stacks. */
export function resolveVxlans(
  topology: Topology,
  vnis: ReadonlyMap<string, number>,
  locate: Locate,
): { switches: readonly ResolvedVxlan[]; diagnostics: readonly Diagnostic[] } {
  const entries = Object.entries(topology.switches).flatMap(([name, s]) =>
    s.kind === 'vxlan' ? [[name, s] as const] : [],
  );
  const stacks = stacksBySwitch(topology);
  const resolved = entries.map(([name, declaration]) => {
    const { addresses, full } = allotAddresses(name, declaration, stacks.get(name) ?? []);
    const vxlan: ResolvedVxlan = {
      kind: 'vxlan',
      name,
      vni: vnis.get(name)!,
      port: declaration.port,
      subnets: declaration.subnets,
      ...(declaration.mtu !== undefined && { mtu: declaration.mtu }),
      hostAccess: declaration.hostAccess,
      members: members(stacks.get(name) ?? [], name, addresses),
    };
    return {
      vxlan,
      diagnostics: full.map(({ stack, family }) => rangeFull(name, stack, family, locate, declaration)),
    };
  });
  return { switches: resolved.map(r => r.vxlan), diagnostics: resolved.flatMap(r => r.diagnostics) };
}

type Stack = readonly [name: string, declaration: StackDeclaration];

function stacksBySwitch({ stacks }: Topology): ReadonlyMap<string, readonly Stack[]> {
  const found = new Map<string, Stack[]>();
  for (const stack of Object.entries(stacks)) {
    for (const name of new Set(Object.values(stack[1].networks).flatMap(n => n.fabric?.switch ?? []))) {
      const list = found.get(name);
      if (list) list.push(stack);
      else found.set(name, [stack]);
    }
  }
  return found;
}

interface Allotted {
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** The stacks for which there was no address left, and of which family. */
  readonly full: readonly { readonly stack: string; readonly family: Family }[];
}

/** Of each family that a stack has networks of, IPv4 first. */
function allotAddresses(on: string, declaration: VxlanDeclaration, stacks: readonly Stack[]): Allotted {
  const subnets = declaration.subnets
    .flatMap(text => parsePrefix(text) ?? [])
    .sort((a, b) => a.family - b.family);
  const allotted = subnets.map(subnet => {
    const ranges = declaration.ranges.flatMap(text => parsePrefix(text) ?? []);
    const range = ranges.find(r => r.family === subnet.family) ?? subnet;
    const needing = stacks.filter(stack => hasFamily(stack, on, subnet.family));
    return { family: subnet.family, ...allotFamily(on, subnet, range, needing) };
  });
  return {
    addresses: new Map(
      stacks.map(([name]) => [name, allotted.flatMap(({ addresses }) => addresses.get(name) ?? [])]),
    ),
    full: allotted.flatMap(({ family, full }) => full.map(stack => ({ stack, family }))),
  };
}

/** Whether a stack has a network of that family on a switch, or asks for an address of it there. */
function hasFamily([, { networks }]: Stack, on: string, family: Family): boolean {
  const here = Object.values(networks).filter(({ fabric }) => fabric?.switch === on);
  return here
    .flatMap(({ fabric, subnets }) => [...subnets.map(s => s.subnet), ...fabric!.addresses])
    .some(text => familyOf(text) === family);
}

/** One address a stack, with the subnet's length: the file's own, else one of the range by the hash of the stack's name. */
function allotFamily(
  on: string,
  subnet: Prefix,
  range: Prefix,
  stacks: readonly Stack[],
): { addresses: ReadonlyMap<string, string>; full: readonly string[] } {
  const pool = usable(range, subnet);
  const given = new Map(stacks.flatMap(stack => explicit(stack, on, subnet.family)));
  const reserved = [...given.values()]
    .map(address => parseAddress(address)!.value - pool.first)
    .filter(n => n >= 0n && n < pool.size);
  const numbers = allot(
    stacks.map(([name]) => name).filter(name => !given.has(name)),
    pool.size,
    new Set(reserved),
  );
  const addresses = new Map(
    stacks.flatMap(([name]): [string, string][] => {
      const n = numbers.get(name);
      const address =
        given.get(name) ??
        (n === undefined ? undefined : formatAddress({ family: subnet.family, value: pool.first + n }));
      return address === undefined ? [] : [[name, `${address}/${subnet.length}`]];
    }),
  );
  return { addresses, full: [...numbers].filter(([, n]) => n === undefined).map(([name]) => name) };
}

/** The overlay address of a family that one of a stack's networks gives on this switch, without its length. */
function explicit([name, stack]: Stack, on: string, family: Family): [string, string][] {
  const given = Object.values(stack.networks)
    .flatMap(({ fabric }) => (fabric?.switch === on ? fabric.addresses : []))
    .find(text => familyOf(text) === family);
  return given === undefined ? [] : [[name, formatAddress(parseAddress(withoutLength(given))!)]];
}

function members(
  stacks: readonly Stack[],
  name: string,
  all: ReadonlyMap<string, readonly string[]>,
): readonly VxlanMember[] {
  return stacks.flatMap(([stack, { host, networks }]) =>
    Object.entries(networks).flatMap(([network, { fabric }]): VxlanMember[] => {
      const addresses = all.get(stack) ?? [];
      return fabric?.switch === name && addresses.length > 0 ? [{ stack, host, network, addresses }] : [];
    }),
  );
}

function rangeFull(
  name: string,
  stack: string,
  family: Family,
  locate: Locate,
  { ranges }: VxlanDeclaration,
): Diagnostic {
  const ranged = ranges.some(text => familyOf(text) === family);
  const place = locate(['switches', name, ranged ? 'range' : 'subnet']);
  const summary = `switch "${name}" has no overlay address left for stack "${stack}"`;
  return {
    severity: 'error',
    code: 'range.full',
    summary,
    hint: 'give the switch a larger range or subnet',
    ...(place && { place }),
  };
}
