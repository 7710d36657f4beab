import { switchesOf } from '../core/index.js';
import type { HostName, Link, Resource } from '../core/index.js';
import { bridgeDevice } from '../core/index.js';
import type { Evidence } from './trial.js';
import type { Proof } from './types.js';
import type { Side, Wire } from './wiring.js';

/** Shows a wire by what was read of its devices: they are where they belong, and each sees the other end. */
export function stateProof(
  { link, sides: [a, b] }: Wire,
  { resources, world }: Evidence,
  why: string,
): Proof {
  const named = { from: a.title, to: b.title, how: `carrier and ports (${why})` };
  if (!a.end.up || !b.end.up)
    return { ...named, ok: false, untried: true, detail: 'it is down, as the file says' };
  const own = resources.filter(r => r.name === link.name && WIRES.includes(r.kind));
  const devices = own.flatMap(r => marked(r, world.views.get(r.host)?.inventory.links ?? []));
  const all = [
    ...[a, b].flatMap(side => sideDevice(side, world)),
    ...devices.map(device => ({
      title: `${device.name}, the port of ${device.master ?? 'nothing'}`,
      device,
    })),
  ];
  const dead = all.find(({ device }) => device.noCarrier || device.port?.['state'] === 'disabled');
  const [one, other] = all.map(d => d.device);
  const strangers =
    own.some(r => r.kind === 'veth') &&
    one?.peer !== undefined &&
    other?.peer !== undefined &&
    (one.peer !== other.index || other.peer !== one.index);
  const detail = dead
    ? `${dead.title} has no carrier: nothing is at its other end, or that is down`
    : strangers
      ? 'its two ends are not of one pair'
      : '';
  return { ...named, ok: detail === '', detail };
}

/** Kinds of resources that are wires. */
export const WIRES: readonly string[] = ['veth', 'tunnel', 'macvlan'];

function marked({ mark }: Resource, links: readonly Link[]): readonly Link[] {
  return links.filter(l => l.alias.startsWith(`${mark} `));
}

function sideDevice(
  { end, host, title, inside }: Side,
  world: Evidence['world'],
): readonly { title: string; device: Link }[] {
  if (inside) return [{ title, device: inside.device }];
  if (end.is !== 'device') return [];
  const device = world.views.get(host)?.inventory.links.find(l => l.name === end.device);
  return device ? [{ title, device }] : [];
}

/** The bridges, as `[switch, host]`, whose spanning tree has not decided yet which of its ports forward (IEEE 802.1D: twice 15 s). */
export function unsettledBridges({
  resolved,
  world,
}: Evidence): readonly { readonly switch: string; readonly host: HostName }[] {
  return switchesOf(resolved, 'bridge').flatMap(({ name, host, stp }) => {
    const links = world.views.get(host)?.inventory.links ?? [];
    const ports = links.filter(l => l.master === bridgeDevice(host, name));
    const waits = ports.some(({ port }) => ['listening', 'learning'].includes(String(port?.['state'])));
    return stp && waits ? [{ switch: name, host }] : [];
  });
}
