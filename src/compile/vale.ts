import { deviceAlias, resourceId, switchesOf, valeCtlOf, valeName } from '../core/index.js';
import type {
  HostName,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  ResolvedVale,
  Resource,
  SwitchEnd,
} from '../core/index.js';
import type { ValePortSpec, VethSpec } from '../kinds/index.js';
import { jointBridge } from './joint.js';
import { hostsOfLink } from './link-hosts.js';
import { farPlugs } from './plugs.js';
import { makeResource } from './resource.js';
import { driverGiven } from './netmap.js';
import { groupOf, plugOf } from './wire-parts.js';
import type { Port, Side, WireSurroundings } from './wire-parts.js';

/** A device of the host, a wire's or its own, is attached to the switch as soon as it stands; what comes out of a tunnel, by way of a bridge. */
export function valePortOf(side: Side<SwitchEnd>, on: ResolvedVale, around: WireSurroundings): Port {
  const [a, b] = hostsOfLink(around.resolved, side.link);
  if (a !== b) return tunnelPort(side, on, around);
  return {
    place: { is: 'host' },
    before: [],
    join: (device, wire) => [portResource(side, on, around, device, wire)],
  };
}

/**
 * What leaves a tunnel's device may be frames that the kernel put together again, larger than any buffer, or that never got a checksum:
 * attached itself, it passes ping, and no TCP (seen). On a bridge with a pair of devices, the nearer of which has no offloads, they
 * come whole.
 */
function tunnelPort(side: Side<SwitchEnd>, on: ResolvedVale, around: WireSurroundings): Port {
  const { link, host } = side;
  const topology = around.resolved.name;
  const name = `${link.name} on ${on.name}`;
  const { bridge, resources } = jointBridge(side, name, around);
  const place = { is: 'bridge', ...bridge } as const;
  const id = resourceId(host, 'veth', name);
  // What the switch sends leaves by the tunnel's device, which is impaired.
  const { impair: _, ...end } = side.end;
  const plugs = [
    plugOf({ ...side, end }, place, id, around),
    plugOf({ ...side, end }, { is: 'host' }, `${id}/other`, around),
  ] as const;
  const at = { host, kind: 'veth', name, group: groupOf(link) };
  const veth = makeResource<VethSpec>(topology, at, { topology, alias: deviceAlias(topology, id), plugs });
  return {
    place,
    before: [...resources, veth, portResource(side, on, around, plugs[1].device, veth)],
    join: () => [],
  };
}

function portResource(
  { link, host, n }: Side<SwitchEnd>,
  on: ResolvedVale,
  { resolved, views, spans }: WireSurroundings,
  device: string,
  wire: Resource | undefined,
): Resource<ValePortSpec> {
  const given = driverGiven(views.get(host), wire?.kind ?? device);
  const driver = given ?? on.driver ?? 'generic';
  const at = {
    host,
    kind: 'vale_port',
    name: `${link.name}@${on.name}`,
    group: { is: 'switch', name: on.name } as const,
  };
  return makeResource<ValePortSpec>(resolved.name, at, {
    topology: resolved.name,
    ctl: valeCtlOf(resolved, host),
    switch: valeName(on.name),
    device: { name: device, ...(wire && { id: wire.id }) },
    mtu: spans.mtuOf(link, n),
    hostStack: on.hostStack,
    driver,
    senders: driver === 'generic' && wire ? sendersTo(device, wire, on.hostStack) : [],
    without: driver === 'generic' && !wire ? ['gro', 'lro', ...(on.hostStack ? (['tx'] as const) : [])] : [],
  });
}

/** The devices whose frames the emulated adapter takes as they come: the other end of a pair, and the device itself where the host sends by it. */
function sendersTo(device: string, wire: Resource, hostStack: boolean): ValePortSpec['senders'] {
  return [
    ...farPlugs(wire, device).map(({ device: name, place }) => ({
      device: name,
      ...(place.is === 'container' && { container: place.container }),
    })),
    ...(hostStack ? [{ device }] : []),
  ];
}

/** An end of a link on a VALE switch: a port that is to be attached. */
export interface ValeAttached {
  readonly link: ResolvedLink;
  readonly on: ResolvedVale;
  readonly n: 0 | 1;
  readonly other: ResolvedEnd;
  /** Whether a pair of devices leads straight to it, or by way of a bridge from a tunnel, or it is a device of the host's own. */
  readonly how: 'veth' | 'tunnel' | 'own';
}

/** All that is to be attached on a host, in the order of the file's links. */
export function attachedOn(resolved: Resolved, host: HostName): readonly ValeAttached[] {
  const here = new Map(switchesOf(resolved, 'vale').flatMap(s => (s.host === host ? [[s.name, s]] : [])));
  return resolved.links.flatMap(link =>
    ([0, 1] as const).flatMap((n): readonly ValeAttached[] => {
      const [end, other] = [link.ends[n], link.ends[n === 0 ? 1 : 0]];
      const on = end.is === 'switch' ? here.get(end.switch) : undefined;
      if (!on) return [];
      const [a, b] = hostsOfLink(resolved, link);
      const how = a !== b ? 'tunnel' : other.is === 'device' ? 'own' : 'veth';
      return [{ link, on, n, other, how }];
    }),
  );
}
