import { addressPlus, hashedMac, replicaName } from '../core/index.js';
import type {
  DocPath,
  EndDeclaration,
  HostName,
  PlugDeclaration,
  ResolvedStack,
  Topology,
} from '../core/index.js';

/** A wire of the file before addresses and names are given: both ends in one form, whatever form they had. */
export interface Wire {
  readonly ends: readonly [End, End];
  readonly mtu?: number;
  readonly up?: boolean;
  readonly path: DocPath;
}

export type End =
  | {
      readonly is: 'service';
      readonly plug: PlugDeclaration;
      readonly at: Container;
      readonly device: string;
    }
  | { readonly is: 'switch'; readonly plug: PlugDeclaration; readonly name: string }
  | {
      readonly is: 'device';
      readonly plug: PlugDeclaration;
      readonly host: HostName;
      readonly device: string;
    };

/** A container that a wire ends in. */
export interface Container {
  readonly host: HostName;
  /** `shop/web`, `shop/web#2`. */
  readonly replica: string;
  /** Which of the service's containers it is, from 1. */
  readonly number: number;
  /** The engine's name of what has its network namespace: itself, or its holder. */
  readonly name: string;
  readonly isHeld: boolean;
  /** Whether it brings a VPP of its own. */
  readonly hasVpp: boolean;
  /** Whether it is on Docker networks, whose devices have names of their own. */
  readonly networked: boolean;
}

/** `shop/web:eth1`. */
export function plugName({ replica }: Container, device: string): string {
  return `${replica}:${device}`;
}

/** The MAC of a plug of which the file does not say it. */
export function plugMac(topology: string, at: Container, device: string): string {
  return hashedMac(`${topology}/${plugName(at, device)}`);
}

/** The services, as `stack/service`, in which a wire ends. */
export function pluggedServices({ stacks, links }: Topology): ReadonlySet<string> {
  const own = Object.entries(stacks).flatMap(([stack, { services }]) =>
    Object.entries(services).flatMap(([key, s]) => (s.interfaces.length > 0 ? [`${stack}/${key}`] : [])),
  );
  const linked = links.flatMap(({ ends }) =>
    ends.flatMap(({ at }) => (at.is === 'service' ? [`${at.stack}/${at.service}`] : [])),
  );
  return new Set([...own, ...linked]);
}

/** All wires: first the services' interfaces, then the links, in document order. Devices without a name get one. */
export function wiresOf(topology: Topology, stacks: readonly ResolvedStack[]): readonly Wire[] {
  const find = finder(stacks);
  const name = namer(topology);
  const service = (at: Container, plug: PlugDeclaration): End => ({
    is: 'service',
    plug,
    at,
    device: plug.name ?? name(at),
  });
  const interfaces = Object.entries(topology.stacks).flatMap(([stack, { services }]) =>
    Object.entries(services).flatMap(([key, { interfaces: list }]) =>
      list.flatMap(plug =>
        find(stack, key).map((at): Wire => {
          const own = service(at, { ...plug, ...countedUp(plug, at.number) });
          const other: End = { is: 'switch', plug: nothing(plug.path), name: plug.switch };
          return { ends: [own, other], path: plug.path };
        }),
      ),
    ),
  );
  const links = topology.links.map(({ ends, ...rest }): Wire => {
    const [a, b] = ends.map(end => endOf(topology, end, find, service));
    return { ends: [a!, b!], ...rest };
  });
  return [...interfaces, ...links];
}

function endOf(
  { switches }: Topology,
  end: EndDeclaration,
  find: Find,
  service: (at: Container, plug: PlugDeclaration) => End,
): End {
  const { at, ...plug } = end;
  if (at.is === 'service') return service(find(at.stack, at.service)[(at.n ?? 1) - 1]!, plug);
  if (Object.hasOwn(switches, at.name)) return { is: 'switch', plug, name: at.name };
  return { is: 'device', plug, host: at.name, device: at.port ?? '' };
}

/** The containers of a service, in their order. */
type Find = (stack: string, service: string) => readonly Container[];

function finder(stacks: readonly ResolvedStack[]): Find {
  const all = new Map(
    stacks.flatMap(({ name: stack, host, services }) =>
      services.map(({ key, containers, holders, networks, userspace }) => {
        const ofService = containers.map((own, i): Container => {
          const replica = replicaName(stack, key, i + 1);
          const name = holders[i] ?? own;
          const isHeld = holders.length > 0;
          const hasVpp = userspace !== undefined;
          return { host, replica, number: i + 1, name, isHeld, hasVpp, networked: networks.length > 0 };
        });
        return [`${stack}/${key}`, ofService] as const;
      }),
    ),
  );
  return (stack, service) => all.get(`${stack}/${service}`) ?? [];
}

/** The addresses that the file gives to a service with several containers are those of the first; the others count up. */
function countedUp({ ip }: PlugDeclaration, number: number): Pick<PlugDeclaration, 'ip'> {
  if (ip === undefined || ip === 'none' || number === 1) return {};
  return { ip: ip.map(text => addressPlus(text, number - 1)!) };
}

/**
 * `eth1`, `eth2` … in a container without Docker networks, `net1`, `net2` … in one with them, where a network that comes later would
 * take an `ethN` for itself and fail (seen). Names that the file gives are not given again.
 */
function namer({ stacks, links }: Topology): (at: Container) => string {
  const taken = new Map<string, Set<string>>();
  const takenIn = (replica: string): Set<string> => {
    const names = taken.get(replica) ?? new Set<string>();
    taken.set(replica, names);
    return names;
  };
  for (const [stack, { services }] of Object.entries(stacks))
    for (const [key, { interfaces, replicas }] of Object.entries(services))
      for (let n = 1; n <= replicas; n++)
        for (const { name } of interfaces)
          if (name !== undefined) takenIn(replicaName(stack, key, n)).add(name);
  for (const { at, name } of links.flatMap(l => l.ends))
    if (at.is === 'service' && name !== undefined)
      takenIn(replicaName(at.stack, at.service, at.n ?? 1)).add(name);
  return at => {
    const names = takenIn(at.replica);
    for (let n = 1; ; n++) {
      const name = `${at.networked ? 'net' : 'eth'}${n}`;
      if (names.has(name)) continue;
      names.add(name);
      return name;
    }
  };
}

function nothing(path: DocPath): PlugDeclaration {
  return { gateways: [], routes: [], path };
}
