import { familyOf, replicaName, resourceId, switchOf } from '../core/index.js';
import type {
  EngineContainer,
  HostName,
  HostView,
  Resolved,
  ResolvedService,
  ResolvedStack,
  Resource,
  ResourceId,
} from '../core/index.js';
import type { NamesSpec } from '../kinds/index.js';
import { hostsFile } from '../tools/index.js';
import { holderId } from './holder.js';
import { makeResource } from './resource.js';

type Views = ReadonlyMap<HostName, HostView>;

/** A service that is on a switch, and its container as far as it is there. */
interface Named {
  readonly stack: ResolvedStack;
  readonly service: ResolvedService;
  /** Which of the service's containers, from 1. */
  readonly number: number;
  /** That which has its network namespace. */
  readonly container: EngineContainer | undefined;
}

/**
 * What the services of a switch are called inside each other's containers: `service.stack`. Addresses are allotted by
 * the engines, so a container that does not run has none, unless the file fixes it.
 */
export function compileNames(resolved: Resolved, views: Views): readonly Resource<NamesSpec>[] {
  const named = namedServices(resolved, views);
  const lists = listsBy(named);
  return named.map(one => {
    const { stack, service, number, container } = one;
    const at = {
      host: stack.host,
      kind: 'names',
      name: replicaName(stack.name, service.key, number),
      group: { is: 'stack' as const, name: stack.name },
    };
    const running = container?.state === 'running' ? container : undefined;
    const engine = views.get(stack.host)?.facts.engine;
    const dataRoot = engine?.is === 'running' ? (engine.dataRoot ?? '') : '';
    const owner = ownerOf(one);
    return makeResource<NamesSpec>(resolved.name, at, {
      container: owner.id,
      containerName: owner.name,
      running: running && { id: running.id, hostsFile: hostsFile(dataRoot, running.id) },
      lines: lists(fabricsOf(one)),
      topology: resolved.name,
    });
  });
}

function namedServices(resolved: Resolved, views: Views): readonly Named[] {
  const containers = new Map(
    [...views].map(([host, view]) => [host, ownContainers(resolved.name, view)] as const),
  );
  // Where a host was not read the addresses on it are not known: the lists would lose them.
  const partlyRead = new Set(
    resolved.stacks.filter(s => !views.has(s.host)).flatMap(s => s.networks.flatMap(n => switchOf(n) ?? [])),
  );
  return resolved.stacks.flatMap(stack => {
    const there = containers.get(stack.host);
    return stack.services.flatMap(service => {
      const on = fabricsOf({ stack, service });
      if (!there || on.size === 0 || [...on].some(name => partlyRead.has(name))) return [];
      return service.containers.map((_, i) => {
        const { id, name } = ownerOf({ stack, service, number: i + 1 });
        return { stack, service, number: i + 1, container: there.get(name) ?? there.get(id) };
      });
    });
  });
}

/** What has the network namespace and the hosts file: a service's own container, or its holder. */
function ownerOf({ stack, service, number }: Omit<Named, 'container'>): {
  readonly id: ResourceId;
  readonly name: string;
} {
  const id = resourceId(stack.host, 'container', replicaName(stack.name, service.key, number));
  const holder = service.holders[number - 1];
  return holder === undefined
    ? { id, name: service.containers[number - 1]! }
    : { id: holderId(id), name: holder };
}

/** The topology's containers of a host, each by its name and by the resource that it was made for. */
function ownContainers(topology: string, { inventory }: HostView): ReadonlyMap<string, EngineContainer> {
  const own = inventory.containers.filter(c => c.labels['topo.name'] === topology);
  return new Map(own.flatMap(c => [[c.labels['topo.id'] ?? '', c] as const, [c.name, c] as const]));
}

function fabricsOf({ stack, service }: Pick<Named, 'stack' | 'service'>): ReadonlySet<string> {
  const keys = new Set(service.networks.map(n => n.key));
  return new Set(stack.networks.flatMap(n => (keys.has(n.key) ? (switchOf(n) ?? []) : [])));
}

/** The lines for a set of switches, made once for each: mostly all containers of a switch have the same. */
function listsBy(named: readonly Named[]): (switches: ReadonlySet<string>) => string {
  const linesOn = new Map<string, readonly Line[]>();
  const lists = new Map<string, string>();
  return switches => {
    const key = [...switches].sort().join(' ');
    const known = lists.get(key);
    if (known !== undefined) return known;
    for (const name of switches) if (!linesOn.has(name)) linesOn.set(name, linesOf(name, named));
    const list = textOf([...switches].flatMap(name => linesOn.get(name)!));
    lists.set(key, list);
    return list;
  };
}

interface Line {
  readonly address: string;
  readonly name: string;
}

function linesOf(name: string, named: readonly Named[]): readonly Line[] {
  return named.flatMap(one =>
    addressesOn(name, one).map(address => ({ address, name: `${one.service.key}.${one.stack.name}` })),
  );
}

/** Sorted by name, each line once. */
function textOf(lines: readonly Line[]): string {
  const unique = new Map(lines.map(line => [`${line.name} ${line.address}`, line]));
  const keys = [...unique.keys()].sort();
  return keys.map(key => `${unique.get(key)!.address} ${unique.get(key)!.name}\n`).join('');
}

function addressesOn(name: string, { stack, service, container }: Named): readonly string[] {
  return stack.networks.flatMap(network => {
    const wanted = service.networks.find(n => n.key === network.key);
    if (switchOf(network) !== name || !wanted) return [];
    const seen = container?.state === 'running' ? container.networks[network.name] : undefined;
    const all = [seen?.ipv4 || (wanted.ipv4 ?? ''), seen?.ipv6 || (wanted.ipv6 ?? '')];
    // Engines add IPv4 to a network that has an IPv6 subnet only: no way leads there through the switch.
    const families = new Set(network.subnets.map(s => familyOf(s.subnet)));
    return all.filter(a => a !== '' && families.has(familyOf(a)));
  });
}
