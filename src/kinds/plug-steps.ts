import { markPrefix, type NetnsRef, type Step } from '../core/index.js';
import { clearPlug, deleteLink, enableIpv6, quietIpv6, setPlug } from '../tools/index.js';
import { plugChanges } from './plug-diff.js';
import { requeue } from './plug-qdisc.js';
import type { PlugState } from './plug-read.js';
import { netnsOf, type PlugSpec } from './plug.js';

/** Sets all of a plug that was just made: its queue first, while nothing is sent yet. */
export function dress(plug: PlugSpec, alias: string): readonly Step[] {
  const netns = netnsOf(plug);
  return [...requeue(plug.device, plug.qdisc, undefined, netns), ...set(plug, alias, netns)];
}

/** The alias first, for it is what tells the device from a foreign one if the run ends here. */
function set(plug: PlugSpec, alias: string, netns: NetnsRef | undefined): readonly Step[] {
  const { device, up, addresses, routes, place } = plug;
  const settings = { addresses, up, routes: up ? routes : [] };
  if (!netns) {
    const master = place.is === 'bridge' ? { master: place.device } : {};
    return [quietIpv6(device), setPlug(device, { alias, ...master, ...settings })];
  }
  if (!addresses.some(isIpv6)) return [setPlug(device, { alias, ...settings }, netns)];
  return [setPlug(device, { alias }, netns), enableIpv6(device, netns), setPlug(device, settings, netns)];
}

/** Makes a plug that is there as it is wanted, touching nothing that is as wanted. */
export function redress(plug: PlugSpec, have: PlugState, alias: string): readonly Step[] {
  const { set, addresses, routes } = plugChanges(plug, have, alias);
  const netns = netnsOf(plug);
  const { addresses: more = [], routes: ways = [], ...link } = set;
  const clear =
    addresses.length + routes.length > 0 ? [clearPlug(plug.device, { addresses, routes }, netns)] : [];
  const sixth = netns && more.some(isIpv6) ? [enableIpv6(plug.device, netns)] : [];
  const something = more.length + ways.length + Object.keys(link).length > 0;
  // New addresses before old ones go: a route may hang on one that stays.
  return [
    ...requeue(plug.device, plug.qdisc, have.link.qdisc, netns),
    ...sixth,
    ...(something ? [setPlug(plug.device, set, netns)] : []),
    ...clear,
  ];
}

/** Deletes the device; its other end, where it has one, goes along. */
export function unplug({ container, link }: PlugState, topology: string): Step {
  const netns = container && { container: container.id };
  return deleteLink(link.name, topology, markPrefix(topology), netns);
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}
