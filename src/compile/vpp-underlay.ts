import {
  familyOf,
  parseAddress,
  spellAddress,
  vxlanOverhead,
  withoutLength,
  ETHERNET_MTU,
} from '../core/index.js';
import type {
  Diagnostic,
  Family,
  HostName,
  HostView,
  Resolved,
  ResolvedVpp,
  VppInterface,
} from '../core/index.js';
import { hostInterfaceName } from '../tools/index.js';
import { placeOf } from './clash-words.js';
import type { MtuLimit } from './mtu.js';

type Views = ReadonlyMap<HostName, HostView>;

/** Where VPP's own tunnels start on a host: an address of VPP, and what the interface that bears it lets through, in bytes. */
export interface VppUnderlay {
  readonly address: string;
  readonly mtu: number;
  readonly device: string;
}

interface VppUnderlays {
  readonly byHost: ReadonlyMap<HostName, VppUnderlay>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What VPP says of every interface that nobody told otherwise: nothing can be concluded from it. */
const UNTOLD_MTU = 9000;

/**
 * VPP sends its tunnels by interfaces of its own, not by those of the kernel: the declared underlay where VPP has it, else its one address.
 * IPv4 where all hosts have it.
 */
export function vppUnderlays(resolved: Resolved, on: ResolvedVpp, views: Views): VppUnderlays {
  if (on.tunnel !== 'vxlan') return { byHost: new Map(), diagnostics: [] };
  const tried = ([4, 6] as const).map(family => ofFamily(resolved, on, views, family));
  return tried.find(t => t.diagnostics.length === 0) ?? tried[0]!;
}

/** What lets no more through between the hosts of a switch: its tunnels, and the network devices that are its uplinks. */
export function vppLimits(resolved: Resolved, on: ResolvedVpp, views: Views): readonly MtuLimit[] {
  const tunnels = [...vppUnderlays(resolved, on, views).byHost].map(([host, { address, mtu, device }]) => ({
    bytes: mtu - vxlanOverhead(familyOf(address) ?? 4),
    host,
    by: `${device} of VPP on ${host} has ${mtu}, of which the headers of VXLAN take some`,
  }));
  const uplinks = on.hosts.flatMap(({ host, uplink }) => {
    const bytes = views.get(host)?.inventory.links.find(l => l.name === uplink)?.mtu;
    return bytes === undefined ? [] : [{ bytes, host, by: `${uplink} of ${host} has ${bytes}` }];
  });
  return [...tunnels, ...uplinks];
}

function ofFamily(resolved: Resolved, on: ResolvedVpp, views: Views, family: Family): VppUnderlays {
  const byHost = new Map<HostName, VppUnderlay>();
  const diagnostics: Diagnostic[] = [];
  for (const { host, path } of on.hosts) {
    const view = views.get(host);
    // One that is not there yet, or gives no answer, is told of elsewhere.
    if (!view?.inventory.vpp) continue;
    const declared = resolved.hosts.find(h => h.name === host)?.underlay ?? [];
    const found = choose(addressesOf(view, family), declared);
    if ('address' in found) byHost.set(host, found);
    else
      diagnostics.push({
        severity: 'error',
        code: 'vpp.underlay',
        host,
        ...placeOf(resolved, path),
        summary: `VPP on ${host} has ${found.has} to send tunnels from`,
        hint: 'give an interface of VPP one (set interface ip address …), and name it by `underlay` of the host; or join the hosts by an uplink of each',
      });
  }
  return { byHost, diagnostics: [...diagnostics, ...doubled(resolved, on, byHost)] };
}

/** Two VPPs of one address, as a copied configuration makes them, would send to themselves. */
function doubled(
  resolved: Resolved,
  on: ResolvedVpp,
  byHost: ReadonlyMap<HostName, VppUnderlay>,
): readonly Diagnostic[] {
  const seen = new Map<string, HostName>();
  return [...byHost].flatMap(([host, { address, device }]): readonly Diagnostic[] => {
    const other = seen.get(address);
    seen.set(address, host);
    if (other === undefined) return [];
    const { path } = on.hosts.find(h => h.host === host)!;
    const summary = `${address} is what VPP on ${other} and ${device} of VPP on ${host} both have to send tunnels from`;
    const hint = 'give each an address of its own (set interface ip address …)';
    return [{ severity: 'error', code: 'vpp.underlay', host, ...placeOf(resolved, path), summary, hint }];
  });
}

/** The addresses of its interfaces that are no ports of domains. */
function addressesOf({ inventory }: HostView, family: Family): readonly VppUnderlay[] {
  const routed = inventory.vpp?.interfaces.filter(i => i.domain === undefined && i.up) ?? [];
  return routed.flatMap(one =>
    one.addresses
      .filter(text => familyOf(text) === family && !/^fe80:/i.test(text))
      .map(text => ({
        address: spellAddress(withoutLength(text)),
        mtu: mtuOf(one, inventory),
        device: one.name,
      })),
  );
}

function mtuOf({ name, mtu }: VppInterface, { links }: HostView['inventory']): number {
  const beneath = links.find(l => hostInterfaceName(l.name) === name);
  return beneath?.mtu ?? (mtu === UNTOLD_MTU || mtu === 0 ? ETHERNET_MTU : mtu);
}

function choose(
  found: readonly VppUnderlay[],
  declared: readonly string[],
): VppUnderlay | { readonly has: string } {
  const wanted = new Set(declared.flatMap(text => (parseAddress(text) ? [spellAddress(text)] : [])));
  const named = found.find(f => wanted.has(f.address) || declared.includes(f.device));
  if (named) return named;
  if (found.length === 1) return found[0]!;
  if (found.length === 0) return { has: 'no address' };
  return { has: `several addresses (${found.map(f => f.address).join(', ')})` };
}
