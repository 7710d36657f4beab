import { hostsOfLink } from '../compile/index.js';
import { EXIT, nearest, switchesOf, TopoError } from '../core/index.js';
import type { HostName, Resolved, ResolvedEnd, ResolvedLink, Resource, ServiceEnd } from '../core/index.js';
import { kinds as registry } from '../kinds/index.js';
import type { PlugSpec, PlugState, WireSpec, WireState } from '../kinds/index.js';
import { observe } from '../observe/index.js';
import { endTitle } from './end-title.js';
import { isWire } from './prove-state.js';
import type { World } from './world.js';

/** An end of a link that has a device of topo's. */
export interface LinkEnd {
  readonly link: ResolvedLink;
  readonly end: ResolvedEnd;
  readonly name: string;
  readonly host: HostName;
  readonly wire: Resource<WireSpec>;
  /** Which of the wire's plugs it is. */
  readonly n: number;
  readonly plug: PlugSpec;
  /** The wire as it was found; absent: it is not there. */
  readonly have?: WireState;
  readonly found?: PlugState;
}

/** All ends of all links that have a device of topo's, in the file's order. `resources` are what is wanted. */
export function linkEnds(
  resolved: Resolved,
  resources: readonly Resource[],
  world: World,
): readonly LinkEnd[] {
  const wires = resources.filter(isWire);
  const views = [...world.views.values()];
  const kinds = new Map([...registry].filter(([, kind]) => kind.carries === 'wire'));
  const { observations } = observe({ topology: resolved.name, resources: wires, views, registry: kinds });
  return resolved.links.flatMap(link => {
    const hosts = hostsOfLink(resolved, link);
    return link.ends.flatMap((end, i): readonly LinkEnd[] => {
      const own = wires.filter(w => w.host === hosts[i] && w.name === link.name);
      const mine = plugOfEnd(resolved, link, i, hosts, own);
      if (!mine) return [];
      const seen = observations.get(mine.wire.id);
      const have = seen?.is === 'present' ? (seen.state as WireState) : undefined;
      const found = have?.plugs[mine.n];
      const name = nameOfEnd(end, link.ends[1 - i]!);
      return [{ link, end, name, host: hosts[i]!, ...mine, ...(have && { have }), ...(found && { found }) }];
    });
  });
}

/** The ends that a user means, all where nothing is named: one by its name, both of a link by the link's, or that of a container with a single one. */
export function chooseEnds(all: readonly LinkEnd[], targets: readonly string[]): readonly LinkEnd[] {
  const chosen = targets.length === 0 ? all : targets.flatMap(target => choose(all, target));
  return [...new Set(chosen)];
}

function choose(all: readonly LinkEnd[], target: string): readonly LinkEnd[] {
  const named = all.filter(e => e.name === target);
  if (named.length > 0) return named;
  const linked = all.filter(e => e.link.name === target);
  if (linked.length > 0) return linked;
  const inside = all.filter(e => e.end.is === 'service' && e.end.replica === target);
  if (inside.length === 1) return inside;
  const names = inside.length > 1 ? inside.map(e => e.name) : all.map(e => e.name);
  const near = inside.length > 1 ? undefined : nearest(target, names);
  throw new TopoError(
    inside.length > 1 ? `${target} has ${inside.length} ends of links` : `no link has an end ${target}`,
    {
      code: 'link.unknown',
      who: 'user',
      exit: EXIT.failed,
      hint:
        near === undefined ? `there are ${names.slice(0, 8).join(', ') || 'none'}` : `did you mean ${near}?`,
    },
  );
}

/** The plug that is the device of a link's i-th end. What is no container's has its plugs in the order of the ends. */
function plugOfEnd(
  resolved: Resolved,
  { ends }: ResolvedLink,
  i: number,
  hosts: readonly HostName[],
  wires: readonly Resource<WireSpec>[],
): Pick<LinkEnd, 'wire' | 'plug' | 'n'> | undefined {
  const all = wires.flatMap(wire => wire.spec.plugs.map((plug, n) => ({ wire, plug, n })));
  const own = ends[i]!;
  if (own.is === 'service') return all.find(({ plug }) => isInside(plug, own));
  const plain = ends.filter(
    (end, k) => end.is !== 'service' && hosts[k] === hosts[i] && !isProcess(resolved, end, wires),
  );
  return plain.includes(own)
    ? all.filter(({ plug }) => plug.place.is !== 'container')[plain.indexOf(own)]
    : undefined;
}

function isInside({ place, device }: PlugSpec, end: ServiceEnd): boolean {
  return place.is === 'container' && end.container === place.container && end.device === device;
}

/** A switch that holds the other end of a tap has no device there. */
function isProcess(resolved: Resolved, end: ResolvedEnd, wires: readonly Resource[]): boolean {
  return (
    end.is === 'switch' &&
    wires.some(w => w.kind === 'tap') &&
    (end.tap !== undefined || switchesOf(resolved, 'vde').some(s => s.name === end.switch))
  );
}

function nameOfEnd(end: ResolvedEnd, other: ResolvedEnd): string {
  if (end.is !== 'switch') return endTitle(end);
  return `${end.switch}:${other.is === 'switch' ? other.switch : nameOfEnd(other, end)}`;
}
