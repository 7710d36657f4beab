import { familyName, formatAddress, parseAddress, parseInterface } from '../core/index.js';
import type { Address, Diagnostic, Family, HostName, HostView, Link, ResolvedHost } from '../core/index.js';
import { routesOf } from './route.js';

/** Where a host's tunnels start: the outer source address, the device that bears it and its MTU in bytes. */
export interface Underlay {
  readonly address: string;
  readonly family: Family;
  readonly device: string;
  readonly mtu: number;
}

interface Underlays {
  readonly byHost: ReadonlyMap<HostName, Underlay>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The underlay of every host: the declared address, or that of the declared interface, or else the source address
 * that the host's routes give towards a peer (the address topo reached the peer by). A tunnel has one family at both
 * ends: IPv4, with its smaller headers, unless a host declares only IPv6 or all of them can do nothing else.
 */
export function underlays(hosts: readonly ResolvedHost[], views: ReadonlyMap<HostName, HostView>): Underlays {
  const families = ([4, 6] as const).filter(f => hosts.every(h => allows(h, f)));
  if (families.length === 0) return { byHost: new Map(), diagnostics: [noCommonFamily(hosts)] };
  const tried = families.map(family => ofFamily(hosts, views, family));
  return tried.find(t => t.diagnostics.length === 0) ?? tried[0]!;
}

/** Declared addresses bind a host to their families; the name of an interface, or nothing, does not. */
function allows({ underlay }: ResolvedHost, family: Family): boolean {
  const declared = underlay.flatMap(text => parseAddress(text)?.family ?? []);
  return declared.length === 0 || declared.includes(family);
}

function noCommonFamily(hosts: readonly ResolvedHost[]): Diagnostic {
  const only = (family: Family): string =>
    hosts
      .filter(h => allows(h, family) && !allows(h, family === 4 ? 6 : 4))
      .map(h => h.name)
      .join(', ');
  return {
    severity: 'error',
    code: 'underlay.family',
    summary: `the underlay of ${only(4)} is IPv4 only, that of ${only(6)} IPv6 only: no tunnel can join them`,
    hint: 'give each host an `underlay` address of the same family; a host takes one of each',
  };
}

function ofFamily(
  hosts: readonly ResolvedHost[],
  views: ReadonlyMap<HostName, HostView>,
  family: Family,
): Underlays {
  const byHost = new Map<HostName, Underlay>();
  const diagnostics: Diagnostic[] = [];
  for (const host of hosts) {
    const view = views.get(host.name);
    if (!view) continue;
    const found = underlayOf(host, view, peersOf(host, hosts, views, family), family);
    if ('summary' in found) diagnostics.push(found);
    else byHost.set(host.name, found);
  }
  return { byHost, diagnostics };
}

function underlayOf(
  host: ResolvedHost,
  view: HostView,
  peers: readonly Address[],
  family: Family,
): Underlay | Diagnostic {
  const [declared] = host.underlay;
  const address =
    declared === undefined ? sourceTowards(view, peers, family) : declaredAddress(host, view, family);
  if (!address)
    return declared === undefined
      ? missing(host, family)
      : absent(host, view, noInterface(host, view, family));
  const link = view.inventory.links.find(l => bears(l, address));
  if (!link)
    return absent(
      host,
      view,
      `no interface of host ${host.name} has the underlay address ${formatAddress(address)}`,
    );
  return { address: formatAddress(address), family: address.family, device: link.name, mtu: link.mtu };
}

function noInterface(host: ResolvedHost, view: HostView, family: Family): string {
  const [declared] = host.underlay;
  const there = view.inventory.links.find(l => l.name === declared);
  const what = there && addressesOf(there).length > 0 ? `${familyName(family)} address` : 'address';
  return there
    ? `interface ${declared} of host ${host.name}, its underlay, has no ${what}`
    : `host ${host.name} has no interface ${declared}, which is to be its underlay`;
}

function absent(host: ResolvedHost, view: HostView, summary: string): Diagnostic {
  const known = globalAddresses(view).map(formatAddress).join(', ') || 'its own addresses';
  const hint = `set \`underlay\` of ${host.name} to one of ${known}, or to the name of the interface that has it`;
  return { severity: 'error', code: 'underlay.absent', host: host.name, summary, hint };
}

function missing(host: ResolvedHost, family: Family): Diagnostic {
  return {
    severity: 'error',
    code: 'underlay.unknown',
    host: host.name,
    summary: `host ${host.name} has no ${familyName(family)} address that its peers could reach`,
    hint: `set \`underlay\` of ${host.name} to the address or interface that tunnels to the other hosts shall use`,
  };
}

function declaredAddress(host: ResolvedHost, view: HostView, family: Family): Address | undefined {
  const given = host.underlay.flatMap(declared => {
    const literal = parseAddress(declared);
    if (literal) return [literal];
    const link = view.inventory.links.find(l => l.name === declared);
    return link ? addressesOf(link) : [];
  });
  return given.find(a => a.family === family);
}

/** The addresses by which the other hosts are known so far. */
function peersOf(
  host: ResolvedHost,
  hosts: readonly ResolvedHost[],
  views: ReadonlyMap<HostName, HostView>,
  family: Family,
): readonly Address[] {
  return hosts.flatMap(peer => {
    const view = views.get(peer.name);
    if (peer.name === host.name || !view) return [];
    const known = declaredAddress(peer, view, family) ?? parseAddress(view.facts.reachedAt ?? '');
    return known?.family === family && !isLoopback(known) ? [known] : [];
  });
}

function sourceTowards(view: HostView, peers: readonly Address[], family: Family): Address | undefined {
  for (const peer of peers) {
    const source = sourceByRoute(view, peer);
    if (source) return source;
  }
  const reached = parseAddress(view.facts.reachedAt ?? '');
  if (reached?.family === family && !isLoopback(reached)) return reached;
  return globalAddresses(view).find(a => a.family === family);
}

function sourceByRoute(view: HostView, peer: Address): Address | undefined {
  const route = routesOf(view)(peer);
  const explicit = parseAddress(route?.source ?? '');
  if (explicit) return explicit;
  const link = view.inventory.links.find(l => l.name === route?.dev);
  return link && addressesOf(link).find(a => a.family === peer.family);
}

function globalAddresses(view: HostView): readonly Address[] {
  return view.inventory.links
    .filter(
      l => l.name !== 'lo' && !l.alias.startsWith('topo:') && !['bridge', 'vxlan', 'veth'].includes(l.kind),
    )
    .flatMap(addressesOf);
}

function addressesOf(link: Link): readonly Address[] {
  return link.addresses.flatMap(text => parseInterface(text)?.address ?? []);
}

function bears(link: Link, address: Address): boolean {
  return addressesOf(link).some(a => a.family === address.family && a.value === address.value);
}

function isLoopback(address: Address): boolean {
  return address.family === 4 ? address.value >> 24n === 127n : address.value === 1n;
}
