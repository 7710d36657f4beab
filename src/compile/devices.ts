import { nearest, switchesOf } from '../core/index.js';
import type {
  DeviceEnd,
  Diagnostic,
  HostName,
  HostView,
  Link,
  Resolved,
  ResolvedEnd,
} from '../core/index.js';
import { carriedBy, type Carried } from './carried.js';
import { placeOf } from './clash-words.js';
import { hostsOfLink } from './link-hosts.js';

/** Devices of hosts that a link can't have: they are not there, or the host lives by them. */
export function deviceObstacles(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const carried = new Map([...views].map(([host, view]) => [host, carriedBy(view)]));
  return resolved.links.flatMap(link => {
    const { ends } = link;
    const [a, b] = hostsOfLink(resolved, link);
    return ends.flatMap((end, n): readonly Diagnostic[] => {
      const view = end.is === 'device' ? views.get(end.host) : undefined;
      if (end.is !== 'device' || !view) return [];
      const device = view.inventory.links.find(l => l.name === end.device);
      const found = device
        ? a !== b || isEnslaved(end, ends[1 - n]!.is)
          ? inUse(view.host, carried.get(view.host)!, device, keepsAddresses(resolved, ends[1 - n]!))
          : undefined
        : absent(view, end.device);
      return found ? [{ severity: 'error', host: end.host, ...placeOf(resolved, end.path), ...found }] : [];
    });
  });
}

/** A container of the same host gets a macvlan beside it, unless the file asks for the device itself. */
function isEnslaved(end: DeviceEnd, other: 'service' | 'switch' | 'device'): boolean {
  return other !== 'service' || end.via === 'enslave';
}

type Found = Pick<Diagnostic, 'code' | 'summary' | 'hint'>;

function absent({ host, inventory }: HostView, device: string): Found {
  const names = inventory.links.map(l => l.name).filter(name => name !== 'lo');
  const near = nearest(device, names);
  const hint = near === undefined ? `it has ${names.slice(0, 8).join(', ')}` : `did you mean ${near}?`;
  return { code: 'device.missing', summary: `host ${host} has no network device ${device}`, hint };
}

/** The host's own stack stays with a device that VALE has with it. */
function keepsAddresses(resolved: Resolved, other: ResolvedEnd): boolean {
  return (
    other.is === 'switch' &&
    switchesOf(resolved, 'vale').some(({ name, hostStack }) => name === other.switch && hostStack)
  );
}

/** A port of a switch has no addresses of its own any more: whatever came by them is cut off. */
function inUse(host: HostName, carried: Carried, link: Link, keeps: boolean): Found | undefined {
  const hint = `take another device, or link it with containers of ${host} alone, which get a macvlan and leave ${link.name} as it is`;
  const lost = carried.find(c => c.device === link.name);
  if (lost)
    return { code: 'device.in-use', summary: `${link.name} of host ${host} carries ${lost.what}`, hint };
  if (keeps || link.addresses.length === 0 || link.master !== undefined) return undefined;
  const summary = `${link.name} of host ${host} has the address ${link.addresses[0]}, which a port of a switch can't have`;
  return { code: 'device.in-use', summary, hint };
}
