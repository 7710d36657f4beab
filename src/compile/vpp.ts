import { hashedMac, resourceId, shortMark, switchesOf, vppctlOf } from '../core/index.js';
import type {
  Group,
  HostName,
  HostView,
  Resolved,
  ResolvedVpp,
  Resource,
  ResourceId,
  SwitchEnd,
  VppHost,
} from '../core/index.js';
import type {
  VppDomainSpec,
  VppHostInterfaceSpec,
  VppLoopbackSpec,
  VppPort,
  VppTunnelSpec,
  VppUplinkSpec,
} from '../kinds/index.js';
import { hostInterfaceName, loopbackName, vppTunnelName, type Vppctl } from '../tools/index.js';
import { makeResource } from './resource.js';
import { vppEntries } from './vpp-entries.js';
import { vppUnderlays } from './vpp-underlay.js';

type Views = ReadonlyMap<HostName, HostView>;

/** What ports that lead to other hosts have in common: what came in by one goes out by none of them. */
const TRUNKS = 1;

/** A VPP switch on all of its hosts, but for the ports of links, which `wires` has. `mtu` in bytes. */
export function compileVpp(
  resolved: Resolved,
  on: ResolvedVpp,
  views: Views,
  mtu: number,
  wires: readonly Resource[],
): readonly Resource[] {
  return on.hosts.flatMap(at => {
    const tunnels = tunnelsOf(resolved, on, at.host, views);
    const own = [
      ...(at.bvi.length === 0 ? [] : [loopbackOf(resolved, on, at, mtu)]),
      ...(at.uplink === undefined ? [] : [uplinkOf(resolved, on, at.host, at.uplink, views)]),
      ...tunnels,
    ];
    return [
      domainOf(resolved, on, at.host, [...own, ...wires]),
      ...own,
      ...vppEntries(resolved, on, at.host, [...own, ...wires]),
    ];
  });
}

/** What makes a device of a host a port of a VPP switch: that of a wire, or one of the host's own. */
export function vppHostInterface(
  resolved: Resolved,
  on: ResolvedVpp,
  at: { readonly host: HostName; readonly name: string; readonly device: VppHostInterfaceSpec['device'] },
  more: Pick<VppHostInterfaceSpec, 'sender'> & { readonly up?: boolean } = {},
): Resource<VppHostInterfaceSpec> {
  const { host, name, device } = at;
  const { up = true, sender } = more;
  const id = resourceId(host, 'vpp_host_interface', name);
  return makeResource(
    resolved.name,
    { host, kind: 'vpp_host_interface', name, group: groupOf(on) },
    {
      topology: resolved.name,
      vppctl: vppctlOf(resolved, host),
      name: hostInterfaceName(device.name),
      device,
      mac: hashedMac(`${resolved.name} ${id}`),
      port: { ...portOf(resolved, on, host, id), up },
      ...(sender && { sender }),
    },
  );
}

/** The VPP switch that an end is; undefined where it is of another kind. */
export function vppAt(resolved: Resolved, end: SwitchEnd): ResolvedVpp | undefined {
  return switchesOf(resolved, 'vpp').find(s => s.name === end.switch);
}

function groupOf({ name }: ResolvedVpp): Group {
  return { is: 'switch', name };
}

/** `ports`: all that may be one, among others. */
function domainOf(
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
  ports: readonly Resource[],
): Resource<VppDomainSpec> {
  const id = resourceId(host, 'vpp_domain', on.name);
  const names = ports.flatMap(({ spec }) => {
    const { name, port } = spec as Partial<VppUplinkSpec>;
    return name !== undefined && port?.domain.id === id ? [name] : [];
  });
  const at = { host, kind: 'vpp_domain', name: on.name, group: groupOf(on) };
  const { domain: number, learn, arpTerm } = on;
  const tag = shortMark(resolved.name, id);
  const vppctl = vppctlOf(resolved, host);
  return makeResource(resolved.name, at, { vppctl, number, tag, learn, arpTerm, ports: names.sort() });
}

/** What any interface of a host's VPP takes to be a port of such a switch. `id`: of its resource. */
export function vppPortOf(
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
  id: ResourceId,
): { readonly vppctl: Vppctl; readonly port: VppPort } {
  return { vppctl: vppctlOf(resolved, host), port: portOf(resolved, on, host, id) };
}

/** A normal port, up, without addresses, that is the resource of this id. */
function portOf(resolved: Resolved, on: ResolvedVpp, host: HostName, id: ResourceId): VppPort {
  return {
    tag: shortMark(resolved.name, id),
    domain: { id: resourceId(host, 'vpp_domain', on.name), number: on.domain },
    group: 0,
    bvi: false,
    up: true,
    addresses: [],
  };
}

function loopbackOf(
  resolved: Resolved,
  on: ResolvedVpp,
  { host, bvi }: VppHost,
  mtu: number,
): Resource<VppLoopbackSpec> {
  const id = resourceId(host, 'vpp_loopback', on.name);
  return makeResource(
    resolved.name,
    { host, kind: 'vpp_loopback', name: on.name, group: groupOf(on) },
    {
      topology: resolved.name,
      vppctl: vppctlOf(resolved, host),
      name: loopbackName(on.instance),
      instance: on.instance,
      mac: hashedMac(`${resolved.name} ${id}`),
      port: { ...portOf(resolved, on, host, id), bvi: true, addresses: bvi, mtu },
    },
  );
}

/** An interface that VPP has is made a port as it is; a device of the host is taken as one first. */
function uplinkOf(
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
  name: string,
  views: Views,
): Resource<VppUplinkSpec> | Resource<VppHostInterfaceSpec> {
  const known = views.get(host)?.inventory.vpp?.interfaces.some(i => i.name === name);
  if (!known) return vppHostInterface(resolved, on, { host, name, device: { name } });
  const id = resourceId(host, 'vpp_uplink', name);
  const at = { host, kind: 'vpp_uplink', name, group: groupOf(on) };
  const port = portOf(resolved, on, host, id);
  return makeResource(resolved.name, at, { vppctl: vppctlOf(resolved, host), name, port });
}

/** One to each other host. Towards one that was not read what is there stays as it is. */
function tunnelsOf(
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
  views: Views,
): readonly Resource<VppTunnelSpec>[] {
  const { byHost } = vppUnderlays(resolved, on, views);
  return on.tunnels.flatMap(({ host: from, peer, instance }): readonly Resource<VppTunnelSpec>[] => {
    if (from !== host) return [];
    const standing = views.get(host)?.inventory.vpp?.tunnels.find(t => t.instance === instance);
    const local = byHost.get(host)?.address ?? standing?.local;
    const remote = byHost.get(peer)?.address ?? standing?.remote;
    if (local === undefined || remote === undefined) return [];
    const name = `${on.name}--${peer}`;
    const id = resourceId(host, 'vpp_tunnel', name);
    const spec = {
      topology: resolved.name,
      vppctl: vppctlOf(resolved, host),
      name: vppTunnelName(instance),
      instance,
      local,
      remote,
      vni: on.vni,
      port: { ...portOf(resolved, on, host, id), group: TRUNKS },
    };
    return [makeResource(resolved.name, { host, kind: 'vpp_tunnel', name, group: groupOf(on) }, spec)];
  });
}
