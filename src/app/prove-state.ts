import { bridgeDevice, kindOf, switchesOf } from '../core/index.js';
import type { HostName, Link, Resource } from '../core/index.js';
import { kinds as registry } from '../kinds/index.js';
import type { WireSpec } from '../kinds/index.js';
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
  const own = resources.filter(r => r.link === link.name && isWire(r));
  const ports = own
    .flatMap(r => marked(r, world.views.get(r.host)?.inventory.links ?? []))
    .map(device => ({ title: `${device.name}, the port of ${device.master ?? 'nothing'}`, device }));
  const wire = [...[a, b].flatMap(insideDevice), ...ports];
  const all = [...[a, b].flatMap(side => hostDevice(side, world)), ...wire];
  const detail = whyDead(all) ?? whyStrangers(wire.map(w => w.device)) ?? '';
  return { ...named, ok: detail === '', detail };
}

interface Titled {
  readonly title: string;
  readonly device: Link;
}

function whyDead(all: readonly Titled[]): string | undefined {
  const down = all.find(({ device }) => !device.up);
  if (down) return `${down.title} is down: ip link set ${down.device.name} up`;
  const dead = all.find(({ device }) => device.noCarrier || device.port?.['state'] === 'disabled');
  return dead && `${dead.title} has no carrier: nothing is at its other end, or that is down`;
}

/** Ends of a veth pair know each other by index. */
function whyStrangers([a, b]: readonly Link[]): string | undefined {
  if (a?.kind !== 'veth' || b?.kind !== 'veth' || a.peer === undefined || b.peer === undefined)
    return undefined;
  return a.peer === b.index && b.peer === a.index ? undefined : 'its two ends are not of one pair';
}

/** Whether a resource is a wire of a link, with devices at its ends. */
export function isWire(resource: Resource): resource is Resource<WireSpec> {
  return kindOf(registry, resource.kind).carries === 'wire';
}

function marked({ mark }: Resource, links: readonly Link[]): readonly Link[] {
  return links.filter(l => l.alias.startsWith(`${mark} `));
}

function insideDevice({ title, inside }: Side): readonly Titled[] {
  return inside ? [{ title, device: inside.device }] : [];
}

/** A device of the host's own: of a macvlan the one beneath it, else a port. */
function hostDevice({ end, host, title }: Side, world: Evidence['world']): readonly Titled[] {
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
