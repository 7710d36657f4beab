import { speaksNetmap } from '../compile/index.js';
import {
  contains,
  familyOf,
  kindOf,
  LEAST_IPV6_MTU,
  parseInterface,
  prefixOf,
  switchesOf,
  withoutLength,
} from '../core/index.js';
import type {
  Address,
  Carries,
  Family,
  Prefix,
  Resolved,
  ResolvedLink,
  Resource,
  ServiceEnd,
} from '../core/index.js';
import { kinds as registry } from '../kinds/index.js';
import type { Patience } from '../tools/index.js';
import { patienceIn } from './patience.js';
import { memoryProofs } from './prove-memory.js';
import { stateProof, unsettledBridges } from './prove-state.js';
import type { Evidence, Trial } from './trial.js';
import type { Proof } from './types.js';
import { deviceNode, placeOf, reachedFrom, switchNode, wiringOf } from './wiring.js';
import type { Side, Way, Wire, Wiring } from './wiring.js';

/**
 * How every link that was made or changed is shown to carry frames: each port in a container pings the nearest other one of its
 * subnet, and ports on both sides of what joins two switches ping each other; of what no ping goes through, the devices' own word is
 * taken.
 */
export function linkTrials(evidence: Evidence): {
  readonly trials: readonly Trial[];
  readonly proofs: readonly Proof[];
} {
  const touched = touchedBy(evidence);
  const wiring = wiringOf(evidence.resolved, evidence.world, link => leftOut(evidence, link));
  const unsettled = new Set(unsettledBridges(evidence).map(on => switchNode(on.switch, on.host)));
  const waits = (node: string): boolean =>
    unsettled.size > 0 && [node, ...reachedFrom(node, wiring)].some(n => unsettled.has(placeOf(n)));
  const patienceFrom = patienceIn(wiring);
  const patience = ({ node, inside }: Port): Patience | undefined => patienceFrom(node, inside.device.mtu);
  const byNetmap = netmapWires(evidence.resolved);
  const pairs = pairsOf(wiring, touched, byNetmap).filter(
    ({ ports: [port] }) => !waits(port.node) && patience(port),
  );
  const shown = new Set<Way | undefined>(pairs.flatMap(p => [p.across, ...p.ports.map(port => port.wire)]));
  const rest = wiring.wires.filter(wire => touched(wire) && !shown.has(wire));
  return {
    trials: pairs.flatMap(({ ports: [from, to] }) => trialsOf(from, to, patience(from)!)),
    proofs: [
      ...rest.map(wire => {
        const settling = wire.sides.some(side => waits(side.node));
        const mute = wire.sides.some(({ node }) => !patienceFrom(node, 0));
        const why = byNetmap(wire)
          ? 'a service with netmap: true answers no ping'
          : settling
            ? 'its spanning tree settles within 30 s'
            : mute
              ? 'what is impaired lets too few pings through'
              : 'no two addresses to ping';
        return stateProof(wire, evidence, why);
      }),
      ...memoryProofs(evidence, link => leftOut(evidence, link)),
    ],
  };
}

/** Which wires join a service that speaks netmap to VALE: natively attached they carry nothing of its kernel's stack, else only while no program has taken the port. */
function netmapWires(resolved: Resolved): (wire: Wire) => boolean {
  const vales = new Set(switchesOf(resolved, 'vale').map(s => s.name));
  return ({ link: { ends } }) =>
    ends.some(end => end.is === 'switch' && vales.has(end.switch)) &&
    ends.some(end => end.is === 'service' && speaksNetmap(resolved, end));
}

function leftOut({ unfinished, resources }: Evidence, link: ResolvedLink): boolean {
  const own = new Set(resources.filter(r => r.link === link.name).map(r => r.id));
  return unfinished.some(
    ({ resource, kind, name: what, group }) =>
      own.has(resource) ||
      link.ends.some(end => end.is === 'switch' && group.is === 'switch' && group.name === end.switch) ||
      link.ends.some(
        end => end.is === 'service' && kind === (end.isHeld ? 'holder' : 'container') && what === end.replica,
      ),
  );
}

/** Whether what frames go along was made or changed, or what it leads to. What is there for one link tells of that alone. */
function touchedBy({ plan, resources }: Evidence): (way: Way) => boolean {
  const done = new Set(plan.actions.filter(a => a.verb !== 'delete').map(a => a.resource));
  const changed = resources.filter(r => done.has(r.id));
  const links = new Set(changed.flatMap(({ link }) => link ?? []));
  const whole = changed.filter(({ link }) => link === undefined);
  const nodesOf = (what: Carries, from: readonly Resource[], node: (r: Resource) => string) =>
    from.filter(r => kindOf(registry, r.kind).carries === what).map(node);
  const onSwitch = ({ group, host }: Resource): string => switchNode(group.name, host);
  const switches = nodesOf('switch', whole, onSwitch);
  const ends = new Set([...switches, ...nodesOf('port', changed, r => deviceNode(r.host, r.name))]);
  const trunks = new Set([...switches, ...nodesOf('trunk', whole, onSwitch)]);
  return ({ link, nodes }) =>
    link
      ? links.has(link.name) || nodes.some(node => ends.has(placeOf(node)))
      : nodes.some(node => trunks.has(node));
}

/** A port in a container that takes part in a ping. */
interface Port extends Side {
  readonly end: ServiceEnd;
  readonly inside: NonNullable<Side['inside']>;
  readonly wire: Wire;
}

/** Two ports that ping each other, and what that shows beside the wires of both. */
interface Pair {
  readonly ports: readonly [Port, Port];
  readonly across?: Way;
}

function pairsOf(
  wiring: Wiring,
  touched: (way: Way) => boolean,
  isMute: (wire: Wire) => boolean,
): readonly Pair[] {
  const { wires, ways } = wiring;
  const speaking = wires.filter(wire => !isMute(wire));
  const ports = new Map(speaking.flatMap(portsOf).map(port => [port.node, port]));
  const portsFrom = (node: string, without?: Way): readonly Port[] =>
    reachedFrom(node, wiring, without).flatMap(other => ports.get(other) ?? []);
  const own = [...ports.values()].flatMap((port): readonly Pair[] => {
    if (!touched(port.wire)) return [];
    const near = portsFrom(port.node).find(other => neighbourly(port, other).length > 0);
    return near ? [{ ports: [port, near] }] : [];
  });
  const across = ways.flatMap((way): readonly Pair[] => {
    const [a, b] = way.nodes;
    if (ports.has(a) || ports.has(b) || !touched(way)) return [];
    const there = portsFrom(b, way);
    const found = portsFrom(a, way).flatMap((port): readonly Pair[] => {
      const far = there.find(other => other !== port && neighbourly(port, other).length > 0);
      return far ? [{ ports: [port, far], across: way }] : [];
    });
    return found.slice(0, 1);
  });
  return [...new Map([...own, ...across].map(pair => [nameOf(pair), pair])).values()];
}

/** Of two pings between the same ports the one that shows more is enough. */
function nameOf({ ports }: Pair): string {
  return ports
    .map(p => p.node)
    .sort()
    .join(' ');
}

function portsOf(wire: Wire): readonly Port[] {
  return wire.sides.flatMap(side => {
    const { end, inside } = side;
    return end.is === 'service' && end.up && inside ? [{ ...side, end, inside, wire }] : [];
  });
}

/** A ping for each family in which both have an address of one subnet; one way is enough, for the answer is as large. */
function trialsOf(from: Port, to: Port, patience: Patience): readonly Trial[] {
  const { device, netns } = from.inside;
  const bytes = Math.min(device.mtu, to.inside.device.mtu);
  return neighbourly(from, to)
    .filter(address => familyOf(address) === 4 || bytes >= LEAST_IPV6_MTU)
    .map(address => ({
      host: from.host,
      from: from.title,
      to: to.title,
      start: { netns, device: device.name },
      address,
      bytes,
      patience,
    }));
}

/** The addresses of one port, of each family one, that are neighbours of an address of another. */
function neighbourly(from: Port, to: Port): readonly string[] {
  const [own, theirs] = [prefixesOf(from.end), prefixesOf(to.end)];
  return ([4, 6] as const).flatMap(family => {
    const found = theirs.find(t => own.some(o => areNeighbours(o, t, family)));
    return found ? [found.text] : [];
  });
}

interface Own {
  readonly text: string;
  readonly address: Address;
  readonly prefix: Prefix;
}

function areNeighbours(a: Own, b: Own, family: Family): boolean {
  const same = a.address.family === family && b.address.family === family;
  return same && contains(a.prefix, b.address) && contains(b.prefix, a.address);
}

function prefixesOf({ addresses: all }: ServiceEnd): readonly Own[] {
  return all.flatMap(text => {
    const parsed = parseInterface(text);
    if (!parsed) return [];
    const { address, length } = parsed;
    return [{ text: withoutLength(text), address, prefix: prefixOf(address, length) }];
  });
}
