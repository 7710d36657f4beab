import {
  contains,
  familyName,
  familyOf,
  impairedBy,
  parseAddress,
  parseInterface,
  prefixOf,
  spellAddress,
  withoutLength,
} from '../core/index.js';
import type {
  Diagnostic,
  Family,
  HostName,
  Locate,
  PlugDeclaration,
  ResolvedEnd,
  ResolvedLink,
  ResolvedStack,
  ServiceEnd,
  SharedMedium,
  SwitchDeclaration,
  Topology,
  VxlanDeclaration,
} from '../core/index.js';
import { sharedMedium, sharedNumbers } from './media.js';
import { plugAddresses } from './plug-addresses.js';
import type { PlugAddresses } from './plug-addresses.js';
import { plugMac, plugName, wiresOf } from './plugs.js';
import type { End, Wire } from './plugs.js';
import { linkVnis } from './vnis.js';
import { vppTaps } from './vpp.js';

/** Every wire of the file with names, MACs, addresses and routes. `vnis` are those of the switches. */
export function resolveLinks(
  topology: Topology,
  stacks: readonly ResolvedStack[],
  vnis: Iterable<number>,
  locate: Locate,
): { readonly links: readonly ResolvedLink[]; readonly diagnostics: readonly Diagnostic[] } {
  const wires = wiresOf(topology, stacks);
  const addresses = plugAddresses(topology, wires);
  const gatewayOf = gateways(topology);
  const names = wireNames(wires);
  const numbers = linkVnis(topology.name, names, vnis);
  const taps = vppTaps(
    topology.name,
    names.filter((_, i) => wires[i]!.ends.some(end => isTap(topology, wires[i]!, end))),
  );
  const media = wires.map(wire =>
    wire.ends.map(end => (end.is === 'service' ? sharedMedium(topology, wire, end) : undefined)),
  );
  const shared = sharedNumbers(
    topology.name,
    names.filter((_, i) => media[i]!.some(Boolean)),
  );
  const links = wires.map((wire, i): ResolvedLink => {
    const [a, b] = wire.ends;
    const name = names[i]!;
    const end = (one: End, other: End, via: SharedMedium | undefined): ResolvedEnd =>
      one.is === 'service'
        ? {
            ...serviceEnd(topology, wire, one, addresses, gatewayOf(one, other)),
            ...(via && { shared: { via, number: shared.get(name)! } }),
          }
        : plainEnd(wire, one, other, isTap(topology, wire, one) ? taps.get(name) : undefined);
    const [viaA, viaB] = media[i]!;
    return { name, ends: [end(a, b, viaA), end(b, a, viaB)], vni: numbers.get(name)!, path: wire.path };
  });
  return { links, diagnostics: addresses.full.map(one => rangeFull(one, locate)) };
}

/** Whether an end is a VPP that is to make the wire itself. */
function isTap({ switches }: Topology, { ends }: Wire, end: End): boolean {
  return (
    end.is === 'switch' && switches[end.name]?.kind === 'vpp' && ends.some(({ plug }) => plug.via === 'tap')
  );
}

/** By the container's end where the other is a switch: a plug that changes its switch is the same wire, to be changed in place. */
function wireNames(wires: readonly Wire[]): readonly string[] {
  const seen = new Map<string, number>();
  return wires.map(({ ends }) => {
    const [a, b] = [...ends].sort((x, y) => RANK[x.is] - RANK[y.is]) as [End, End];
    const name = a.is === 'service' && b.is === 'switch' ? endName(a) : `${endName(a)}--${endName(b)}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

const RANK = { service: 0, switch: 1, device: 2 } as const;

function endName(end: End): string {
  switch (end.is) {
    case 'service':
      return plugName(end.at, end.device);
    case 'switch':
      return end.name;
    case 'device':
      return `${end.host}:${end.device}`;
  }
}

function common(wire: Wire, plug: PlugDeclaration): Pick<ResolvedEnd, 'mtu' | 'up' | 'impair' | 'path'> {
  const mtu = plug.mtu ?? wire.mtu;
  const impair = impairedBy(undefined, plug.impair);
  return {
    ...(mtu !== undefined && { mtu }),
    up: plug.up ?? wire.up ?? true,
    ...(impair && { impair }),
    path: plug.path,
  };
}

function plainEnd(
  wire: Wire,
  end: Exclude<End, { is: 'service' }>,
  other: End,
  tap: number | undefined,
): ResolvedEnd {
  if (end.is === 'switch') {
    const vlan = end.plug.vlan ?? (other.is === 'switch' ? undefined : other.plug.vlan);
    return {
      is: 'switch',
      switch: end.name,
      ...(tap !== undefined && { tap }),
      ...(vlan && { vlan }),
      ...common(wire, end.plug),
    };
  }
  const { host, device, plug } = end;
  const via = (plug.via === 'macvlan' || plug.via === 'enslave') && { via: plug.via };
  return { is: 'device', host, device, ...via, ...common(wire, plug) };
}

function serviceEnd(
  topology: Topology,
  wire: Wire,
  { at, device, plug }: Extract<End, { is: 'service' }>,
  addresses: PlugAddresses,
  gateways: readonly string[],
): ServiceEnd {
  const own = addresses.of.get(plugName(at, device)) ?? [];
  const isOwn = (via: string): boolean => own.some(a => spellAddress(withoutLength(a)) === spellAddress(via));
  // Whoever has the gateway's address is the gateway.
  const others = gateways.filter(via => plug.gateways.includes(via) || (!isOwn(via) && isNear(own, via)));
  return {
    is: 'service',
    host: at.host,
    replica: at.replica,
    container: at.name,
    isHeld: at.isHeld,
    device,
    mac: plug.mac ?? plugMac(topology.name, at, device),
    addresses: own,
    routes: [
      ...others.map(via => ({ dst: familyOf(via) === 6 ? '::/0' : '0.0.0.0/0', via })),
      ...plug.routes.map(({ to, via }) => ({ dst: to, ...(via !== undefined && { via }) })),
    ],
    ...common(wire, plug),
  };
}

/** Whether an address can be a next hop of who has these. */
function isNear(own: readonly string[], via: string): boolean {
  const next = parseAddress(via);
  const nets = own.flatMap(text => parseInterface(text) ?? []).map(a => prefixOf(a.address, a.length));
  return next !== undefined && nets.some(net => contains(net, next));
}

/**
 * The gateways of a plug: its own; else those of its switch, for the first plug of a container that is on no Docker network, which
 * would have a default route already. A container has one of each family.
 */
function gateways({
  switches,
}: Topology): (end: Extract<End, { is: 'service' }>, other: End) => readonly string[] {
  const had = new Set<string>();
  return ({ at, plug }, other) => {
    const declared = other.is === 'switch' ? switches[other.name] : undefined;
    const offered =
      declared && declared.kind !== 'vxlan' && !at.networked ? offeredBy(declared, at.host) : [];
    const wanted = plug.gateways.length > 0 || plug.ip === 'none' ? plug.gateways : offered;
    const key = (via: string): string => `${at.replica} ${String(familyOf(via))}`;
    const first = wanted.filter(via => plug.gateways.includes(via) || !had.has(key(via)));
    for (const via of first) had.add(key(via));
    return first;
  };
}

/** A switch's own gateways; else VPP's interface in the domain, on the container's own host. */
function offeredBy(
  declared: Exclude<SwitchDeclaration, VxlanDeclaration>,
  host: HostName,
): readonly string[] {
  if (declared.kind !== 'vpp' || declared.gateways.length > 0) return declared.gateways;
  return declared.hosts.flatMap(h => (h.host === host ? h.bvi.map(withoutLength) : []));
}

function rangeFull(
  {
    end,
    on,
    family,
  }: { readonly end: Extract<End, { is: 'service' }>; readonly on: string; readonly family: Family },
  locate: Locate,
): Diagnostic {
  const place = locate(end.plug.path);
  return {
    severity: 'error',
    code: 'range.full',
    summary: `switch "${on}" has no ${familyName(family)} address left for ${plugName(end.at, end.device)}`,
    hint: 'give the switch a larger range or subnet, or this plug an address of its own, or ip: none',
    ...(place && { place }),
  };
}
