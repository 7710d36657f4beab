import { switchesOf, valeCtlOf, valeName } from '../core/index.js';
import type {
  HostName,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  ResolvedVale,
  Resource,
  SwitchEnd,
} from '../core/index.js';
import type { ValePortSpec } from '../kinds/index.js';
import { hostsOfLink } from './link-hosts.js';
import { farPlugs } from './plugs.js';
import { makeResource } from './resource.js';
import { driverGiven } from './netmap.js';
import type { Port, Side, WireSurroundings } from './wire-parts.js';

/** A device of the host, a wire's or its own, is attached to the switch as soon as it stands. */
export function valePortOf(side: Side<SwitchEnd>, on: ResolvedVale, around: WireSurroundings): Port {
  return {
    place: { is: 'host' },
    before: [],
    join: (device, wire) => [portResource(side, on, around, device, wire)],
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
    senders: driver === 'generic' ? sendersTo(device, wire, on.hostStack) : [],
  });
}

/** The devices whose frames the emulated adapter takes as they come: the other end of a pair, and the device itself where the host sends by it. */
function sendersTo(device: string, wire: Resource | undefined, hostStack: boolean): ValePortSpec['senders'] {
  const far = wire ? farPlugs(wire, device) : [];
  return [
    ...far.map(({ device: name, place }) => ({
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
  /** Whether a pair of devices leads to it, and not a tunnel, or a device of the host's own. */
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
