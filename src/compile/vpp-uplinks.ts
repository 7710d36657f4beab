import { topologyOfMark } from '../core/index.js';
import type { Diagnostic, HostView, Link, Resolved, VppHost, VppState } from '../core/index.js';
import { carriedBy } from './carried.js';
import { placeOf } from './clash-words.js';

type Found = Pick<Diagnostic, 'code' | 'summary' | 'hint'>;

/** An uplink that VPP can't have as a port, or the host can't do without. */
export function uplinkObstacles(
  resolved: Resolved,
  { host, uplink, path }: VppHost,
  view: HostView,
): readonly Diagnostic[] {
  const { facts, inventory } = view;
  if (uplink === undefined || facts.computed || !inventory.vpp) return [];
  const device = inventory.links.find(l => l.name === uplink);
  const own = inventory.vpp.interfaces.find(i => i.name === uplink);
  const found = own
    ? ownInterface(host, own)
    : device
      ? kernelDevice(resolved, view, device)
      : unknown(view, inventory.vpp, uplink);
  return found ? [{ severity: 'error', host, ...placeOf(resolved, [...path, 'uplink']), ...found }] : [];
}

function ownInterface(
  host: string,
  { name, addresses: [address] }: VppState['interfaces'][number],
): Found | undefined {
  if (name === 'local0') {
    const summary = `local0 of VPP on ${host} leads nowhere`;
    return { code: 'vpp.uplink', summary, hint: 'take an interface that leads to the other host' };
  }
  if (address === undefined) return undefined;
  const summary = `${name} of VPP on ${host} has the address ${address}, which a port of a bridge domain can't have`;
  return { code: 'device.in-use', summary, hint: 'take the address off it, or take another interface' };
}

function kernelDevice(
  resolved: Resolved,
  view: HostView,
  { name, addresses, master }: Link,
): Found | undefined {
  const { host, inventory } = view;
  const carried = carriedBy(view).find(c => c.device === name);
  const hint = 'take another device as uplink';
  if (carried)
    return { code: 'device.in-use', summary: `${name} of host ${host} carries ${carried.what}`, hint };
  const bridge = inventory.links.find(l => l.name === master);
  if (bridge && topologyOfMark(bridge.alias) !== resolved.name) {
    const summary = `${name} of host ${host} is a port of ${bridge.name}: its frames would go both ways`;
    return { code: 'device.in-use', summary, hint: `take it out (ip link set ${name} nomaster), or ${hint}` };
  }
  if (addresses[0] === undefined) return undefined;
  return {
    code: 'device.in-use',
    summary: `${name} of host ${host} has the address ${addresses[0]}: the kernel would answer beside VPP`,
    hint: `take it off (ip address flush dev ${name}), or ${hint}`,
  };
}

function unknown({ host, inventory }: HostView, { interfaces }: VppState, uplink: string): Found {
  const names = [
    ...interfaces.filter(i => i.name !== 'local0' && !i.tag?.startsWith('topo:')).map(i => i.name),
    ...inventory.links.filter(l => l.name !== 'lo' && !l.alias.startsWith('topo:')).map(l => l.name),
  ];
  return {
    code: 'vpp.uplink',
    summary: `neither VPP nor the kernel of host ${host} has an interface ${uplink}`,
    hint: `there are ${names.slice(0, 8).join(', ') || 'none'}`,
  };
}
