import {
  base32Hash,
  deviceAlias,
  familyOf,
  formatPrefix,
  hashedMac,
  parsePrefix,
  resourceId,
  withoutLength,
} from '../core/index.js';
import type { Group, HostName, Resolved, ResolvedVxlan, Resource } from '../core/index.js';
import { guardTable } from '../kinds/index.js';
import type {
  AcceptSpec,
  AddressSpec,
  FdbSpec,
  GuardSpec,
  NeighbourSpec,
  RouteSpec,
  SysctlSpec,
  VxlanSpec,
} from '../kinds/index.js';
import { acceptRules, acceptRulesIfKept, guardChains } from './fabric-rules.js';
import type { Fabric } from './fabric-rules.js';
import { makeResource } from './resource.js';
import type { Underlay } from './underlay.js';

/** What compiling a routed VXLAN switch gives beside its resources. */
export interface CompiledSwitch {
  readonly resources: readonly Resource[];
  /** By host: what must stand before a container on this switch may start. */
  readonly ready: ReadonlyMap<HostName, readonly string[]>;
}

const ALL_ZERO = '00:00:00:00:00:00';

/**
 * A routed VXLAN switch: on every host that has a stack on it one `vxlan<VNI>` device with an overlay address per
 * stack, a tunnel to every peer (RFC 7348; all-zero FDB entries carry what is not known), a permanent neighbour and a
 * unicast FDB entry per peer so that declared traffic floods nothing, a route per remote subnet, and the rules. `mtu` in bytes.
 */
export function compileVxlan(
  resolved: Resolved,
  vxlan: ResolvedVxlan,
  underlayOf: ReadonlyMap<HostName, Underlay>,
  nftables: ReadonlySet<HostName>,
  mtu: number,
): CompiledSwitch {
  const hosts = [...new Set(vxlan.members.map(m => m.host))].filter(h => underlayOf.has(h));
  const perHost = hosts.map(host => {
    const peers = hosts.filter(h => h !== host);
    return { host, resources: compileOnHost({ resolved, vxlan, underlayOf, nftables, mtu, host, peers }) };
  });
  return {
    resources: perHost.flatMap(p => p.resources),
    ready: new Map(perHost.map(p => [p.host, p.resources.map(r => r.id)])),
  };
}

interface Here {
  readonly resolved: Resolved;
  readonly vxlan: ResolvedVxlan;
  readonly underlayOf: ReadonlyMap<HostName, Underlay>;
  /** The hosts whose engine filters with nftables. */
  readonly nftables: ReadonlySet<HostName>;
  readonly mtu: number;
  readonly host: HostName;
  readonly peers: readonly HostName[];
}

function compileOnHost(here: Here): readonly Resource[] {
  const { resolved, vxlan, host } = here;
  const group: Group = { is: 'switch', name: vxlan.name };
  const name = `vxlan${vxlan.vni}`;
  const device = { id: resourceId(host, 'vxlan', name), name };
  const make = <Spec>(kind: string, called: string, spec: Spec): Resource<Spec> =>
    makeResource(resolved.name, { host, kind, name: called, group }, spec);
  const guard = make<GuardSpec>('guard', vxlan.name, guardSpec(here, name));
  return [
    make<SysctlSpec>('sysctl', 'net.ipv4.ip_forward', { key: 'net.ipv4.ip_forward', value: '1' }),
    guard,
    make<VxlanSpec>('vxlan', name, { ...deviceSpec(here, device), guard: guard.id }),
    make<AddressSpec>('address', name, { device, addresses: overlayAddresses(here, [host]) }),
    make<NeighbourSpec>('neighbour', name, { device, entries: neighbours(here) }),
    make<FdbSpec>('fdb', name, { device, entries: fdbEntries(here) }),
    make<RouteSpec>('route', name, { device, routes: routes(here) }),
    make<AcceptSpec>('accept', vxlan.name, {
      family: 4,
      rules: here.nftables.has(host) ? acceptRulesIfKept() : acceptRules(),
    }),
    ...(familiesOf(here).has(6)
      ? [make<AcceptSpec>('accept', `${vxlan.name} IPv6`, { family: 6, rules: acceptRulesIfKept() })]
      : []),
  ];
}

function deviceSpec(here: Here, device: { id: string; name: string }): Omit<VxlanSpec, 'guard'> {
  const { vxlan, host, mtu, underlayOf, resolved } = here;
  return {
    device: device.name,
    vni: vxlan.vni,
    port: vxlan.port,
    local: underlayOf.get(host)!.address,
    mtu,
    mac: deviceMac(vxlan, host),
    alias: deviceAlias(resolved.name, device.id),
  };
}

/** From the device's name and its host: every peer can tell it without asking. */
export function deviceMac(vxlan: ResolvedVxlan, host: HostName): string {
  return hashedMac(`vxlan${vxlan.vni}@${host}`);
}

function membersOn(here: Here, hosts: readonly HostName[]): ResolvedVxlan['members'] {
  return here.vxlan.members.filter(m => hosts.includes(m.host));
}

/** Overlay addresses with their lengths, each once. */
function overlayAddresses(here: Here, hosts: readonly HostName[]): readonly string[] {
  return [...new Set(membersOn(here, hosts).flatMap(m => m.addresses))];
}

/** The families that the host's own stacks have here: what it has no stack of goes nowhere on it. */
function familiesOf(here: Here): ReadonlySet<4 | 6 | undefined> {
  return new Set(overlayAddresses(here, [here.host]).map(familyOf));
}

function neighbours(here: Here): NeighbourSpec['entries'] {
  const families = familiesOf(here);
  return here.peers.flatMap(peer =>
    overlayAddresses(here, [peer])
      .filter(address => families.has(familyOf(address)))
      .map(address => ({ address: withoutLength(address), mac: deviceMac(here.vxlan, peer) })),
  );
}

function fdbEntries(here: Here): FdbSpec['entries'] {
  return here.peers.flatMap(peer => {
    const dst = here.underlayOf.get(peer)!.address;
    return [
      { mac: ALL_ZERO, dst },
      { mac: deviceMac(here.vxlan, peer), dst },
    ];
  });
}

function routes(here: Here): RouteSpec['routes'] {
  const families = familiesOf(here);
  return membersOn(here, here.peers).flatMap(m =>
    subnetsOf(here.resolved, m)
      .filter(dst => families.has(familyOf(dst)))
      .map(dst => ({ dst, via: withoutLength(m.addresses.find(a => familyOf(a) === familyOf(dst))!) })),
  );
}

function guardSpec(here: Here, device: string): GuardSpec {
  const { resolved, vxlan, host, peers } = here;
  const id = resourceId(host, 'guard', vxlan.name);
  const fabric: Fabric = {
    device,
    local: membersOn(here, [host]).flatMap(m =>
      subnetsOf(resolved, m).map(subnet => ({ bridge: networkOf(resolved, m).bridge, subnet })),
    ),
    remote: membersOn(here, peers).flatMap(m => subnetsOf(resolved, m)),
    hostAccess: vxlan.hostAccess,
  };
  return {
    table: guardTable(resolved.name, base32Hash(id).slice(0, 10)),
    chains: guardChains(fabric),
  };
}

function subnetsOf(resolved: Resolved, member: ResolvedVxlan['members'][number]): readonly string[] {
  return networkOf(resolved, member).subnets.map(s => formatPrefix(parsePrefix(s.subnet)!));
}

function networkOf(
  resolved: Resolved,
  member: ResolvedVxlan['members'][number],
): Resolved['stacks'][number]['networks'][number] {
  const stack = resolved.stacks.find(s => s.name === member.stack)!;
  return stack.networks.find(n => n.key === member.network)!;
}
